import ArgumentParser
import CommandLineProgram
import DataPlane
import DataPlaneStatus
import Foundation

/// `wgw show`: the words are those of `wg show`.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the gateways that run on this machine, and their peers.",
        discussion: """
            wgw show              all gateways of your wgw hub and wgw serve
            wgw show NAME         one of them: a gateway by its name or id, a hub of wg0.conf as wg0
            wgw show interfaces   their names
            wgw show dump         all of them for programs, in the format of wg show all dump
            wgw show NAME WORD    one column of one of them, line by line as wg show wg0 WORD
            wgw show all WORD     the same of all, with the gateway's name in front of each line

            WORD is \(columnNames.joined(separator: ", ")).

            A blank in a name is shown as _ and may be written so. Of gateways that have one name each is \
            called NAME@ID, and of hubs, whose config files in different folders have it, NAME@PROCESS.

            private-key, preshared-keys and dump show keys in plain text. You see the gateways of your \
            own processes, and root those of all users.
            """
    )

    private static var columnNames: [String] { StatusColumn.allCases.map(\.rawValue) }

    @Argument(
        help: ArgumentHelp(
            "A gateway's name or all, and a word; or interfaces; or dump.",
            valueName: "name"
        )
    )
    var words: [String] = []

    func run() throws {
        let answers = try StatusClient.ask(
            in: StatusDirectory.readable(environment: ProcessInfo.processInfo.environment)
        )
        for process in answers.unreadable {
            try? OutputFile.standardError.write(
                "wgw: process \(process) answers in another format, and is left out\n"
            )
        }
        for process in answers.silent {
            try? OutputFile.standardError.write(
                "wgw: process \(process) does not answer, and is left out\n"
            )
        }
        try OutputFile.standardOutput.write(try text(of: answers.dump))
    }

    private func text(of dump: StatusDump) throws -> String {
        let page = StatusPage(now: UInt64(max(Date().timeIntervalSince1970, 0)))
        switch (words.first, words.dropFirst().first, words.count) {
        case (nil, _, _), ("all", nil, _):
            return page.text(dump)
        case ("dump", nil, _):
            return StatusColumn.dump.text(of: dump)
        case ("interfaces", nil, _):
            return dump.interfaces.map(\.name).joined(separator: " ") + "\n"
        case ("all", let word?, 2):
            return try column(word).text(of: dump)
        case (let name?, nil, _):
            return page.text(try find(name, in: dump))
        case (let name?, let word?, 2):
            return try column(word).text(of: find(name, in: dump), isNamed: false)
        default:
            throw CommandFailure.usage("show takes a gateway's name and one word behind it")
        }
    }

    private func column(_ word: String) throws -> StatusColumn {
        guard let column = StatusColumn(rawValue: word) else {
            let known = Self.columnNames.joined(separator: ", ")
            throw CommandFailure.usage("\(word) is nothing to show; there are: \(known)")
        }
        return column
    }

    private func find(_ name: String, in dump: StatusDump) throws -> StatusDump.Interface {
        let shown = name.visibleName
        let found = dump.interfaces.first { $0.name == shown || $0.id == name.lowercased() }
        if let found { return found }
        let names = dump.interfaces.map(\.name)
        let alike = names.filter { $0.hasPrefix("\(shown)@") }
        throw CommandFailure(
            alike.isEmpty
                ? "there is no gateway named \(name); there are: \(names.joined(separator: ", "))"
                : "\(alike.count) gateways are named \(name); name one: \(alike.joined(separator: ", "))"
        )
    }
}
