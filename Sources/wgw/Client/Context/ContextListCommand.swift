import ArgumentParser
import CommandLineProgram
import GatewayClient
import JSON

/// `wgw context list`. Keys are not shown.
struct ContextListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the contexts; a star marks the one in use."
    )

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("table, json, jsonl, yaml or name.", valueName: "format"),
        completion: .list(OutputFormat.allCases.map(\.rawValue))
    )
    var output: String?

    @Flag(name: .shortAndLong, help: "Print names only.") var quiet = false
    @Flag(help: "Leave out the heads of the columns.") var noHeader = false

    func run() throws {
        let report = try Report(as: quiet ? OutputFormat.name.rawValue : output)
        let file = try ContextFile(.current)
        guard !report.isForPeople || !file.contexts.isEmpty else {
            return try OutputFile.standardError.write(
                "There is no context; wgw context add NAME --url URL makes one.\n"
            )
        }
        let objects = file.contexts.map { $0.shown(isCurrent: $0.name == file.current) }
        try report.print(.array(objects), names: file.contexts.map(\.name.withoutControls)) {
            $0.add(file, hasHeader: !noHeader)
        }
    }
}

extension ReportPage {
    fileprivate mutating func add(_ file: ContextFile, hasHeader: Bool) {
        var table = Table(
            heads: ["", "NAME", "URL", "ORGANIZATION", "FINGERPRINT"],
            hasHeader: hasHeader,
            screen: screen
        )
        let rows = file.contexts.map { context -> [Cell] in
            [
                .text(context.name == file.current ? "*" : " "), .text(context.name),
                .text(context.url.text), .text(context.organization),
                .text(context.fingerprint),
            ]
        }
        write(table.text(of: rows))
    }
}

extension ServerContext {
    /// Without its key.
    fileprivate func shown(isCurrent: Bool) -> JSONValue {
        [
            "name": .string(name), "url": .string(url.text), "current": .bool(isCurrent),
            "organization": organization.map { .string($0) } ?? .null,
            "fingerprint": fingerprint.map { .string("\($0)") } ?? .null,
        ]
    }
}
