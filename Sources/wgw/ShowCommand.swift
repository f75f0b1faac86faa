import ArgumentParser
import DataPlaneStatus
import Foundation

/// `wgw show`: the words are those of `wg show`.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the gateways that run on this machine, and their peers.",
        discussion: """
            wgw show              all gateways of all running wgw hub and wgw serve
            wgw show NAME         one of them: wg0 for wgw hub wg0.conf, or a gateway's id
            wgw show interfaces   their names
            wgw show dump         all of them for programs, in the format of wg show all dump
            wgw show NAME dump    one of them, in the format of wg show wg0 dump

            A dump has private and preshared keys in plain text. Only gateways of your own processes \
            are shown.
            """
    )

    @Argument(help: ArgumentHelp("A gateway's name, interfaces, or dump.", valueName: "name"))
    var words: [String] = []

    func run() throws {
        let directory = StatusDirectory.ofThisUser(
            environment: ProcessInfo.processInfo.environment
        )
        let dump = try StatusClient.dump(in: directory)
        try OutputFile.standardOutput.write(try text(of: dump))
    }

    private func text(of dump: StatusDump) throws -> String {
        let page = StatusPage(now: UInt64(max(Date().timeIntervalSince1970, 0)))
        switch words {
        case [], ["all"]: return page.text(dump)
        case ["dump"], ["all", "dump"]: return dump.text
        case ["interfaces"]:
            return dump.interfaces.map(\.name).joined(separator: " ") + "\n"
        case let words where words.count == 1:
            return page.text(try find(words[0], in: dump))
        case let words where words.count == 2 && words[1] == "dump":
            return try find(words[0], in: dump).text(isNamed: false)
        default:
            throw ConfigurationProblem("show takes a gateway's name and, behind it, dump")
        }
    }

    private func find(_ name: String, in dump: StatusDump) throws -> StatusDump.Interface {
        guard let found = dump.interfaces.first(where: { $0.name == name }) else {
            let names = dump.interfaces.map(\.name).joined(separator: ", ")
            throw StatusProblem("there is no gateway named \(name); there are: \(names)")
        }
        return found
    }
}
