import ArgumentParser
import CommandLineProgram
import Testing

@testable import wgw

struct CommandTableTests {
    @Test("README.md has every command, in the words of its help")
    func commands() throws {
        let lines = Self.subcommands(of: WGW.self).map { command in
            let words = Self.subcommands(of: command).map { "`\(Self.name(of: $0))`" }
            let name = "`wgw \(Self.name(of: command))`"
            return
                "| \(([name] + words).joined(separator: " ")) | \(command.configuration.abstract) |\n"
        }
        let head = "| command | what it is for |\n| --- | --- |\n"
        try ReadmePart(mark: "commands: as wgw --help has them").expect(head + lines.joined())
    }

    @Test("README.md has a line for every exit status and every output format")
    func exitStatuses() throws {
        let text = try ReadmePart.wholeText
        for status in ExitStatus.allCases {
            #expect(text.contains("\n| \(status.rawValue) | "), "\(status)")
        }
        for format in OutputFormat.allCases {
            #expect(text.contains("\n| `\(format.rawValue)` | "), "\(format)")
        }
    }

    @Test("the help of every command says what it is for, in a sentence", arguments: paths)
    func abstracts(path: String) throws {
        let command = try #require(Self.all.first { $0.path == path }?.command)
        let abstract = command.configuration.abstract
        #expect(abstract.hasSuffix("."), "\(abstract)")
        #expect(!abstract.contains("|"), "\(abstract) breaks the table of README.md")
    }

    private static var all: [(path: String, command: any ParsableCommand.Type)] {
        subtree(of: WGW.self, "wgw")
    }
    private static let paths = all.map(\.path)

    private static func subtree(
        of command: any ParsableCommand.Type,
        _ path: String
    ) -> [(path: String, command: any ParsableCommand.Type)] {
        [(path, command)]
            + subcommands(of: command).flatMap { subtree(of: $0, "\(path) \(name(of: $0))") }
    }

    private static func subcommands(
        of command: any ParsableCommand.Type
    ) -> [any ParsableCommand.Type] {
        command.configuration.subcommands.filter { $0.configuration.shouldDisplay }
    }

    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)"
    }
}
