import ArgumentParser
import CommandLineProgram
import DataPlaneStatus
import Foundation

/// `wgw show`: the words are those of `wg show`.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the gateways that run on this machine, and their peers.",
        discussion: """
            wgw show              all gateways of your wgw hub and wgw serve
            wgw show NAME         one of them: wg0 for wgw hub wg0.conf, or a gateway's id
            wgw show interfaces   their names
            wgw show dump         all of them for programs, in the format of wg show all dump
            wgw show NAME WORD    one column of one of them, line by line as wg show wg0 WORD
            wgw show all WORD     the same of all, with the gateway's name in front of each line

            WORD is \(columnNames.joined(separator: ", ")).

            Of hubs that have one name, because their config files in different folders have, each \
            is called NAME@PROCESS.

            private-key, preshared-keys and dump show keys in plain text. Only gateways of your own \
            processes are shown.
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
        let directory = StatusDirectory.ofThisUser(
            environment: ProcessInfo.processInfo.environment
        )
        let answers = try StatusClient.ask(in: directory)
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
        if let found = dump.interfaces.first(where: { $0.name == name }) { return found }
        let names = dump.interfaces.map(\.name)
        let alike = names.filter { $0.hasPrefix("\(name)@") }
        throw CommandFailure(
            alike.isEmpty
                ? "there is no gateway named \(name); there are: \(names.joined(separator: ", "))"
                : "\(alike.count) gateways are named \(name); name one: \(alike.joined(separator: ", "))"
        )
    }
}
