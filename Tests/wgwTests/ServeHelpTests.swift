import ArgumentParser
import Foundation
import Testing

@testable import wgw

struct ServeHelpTests {
    private let readme = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "README.md")

    @Test("every setting of wgw serve is an option in its help text", arguments: Setting.allCases)
    func settingsAreOptions(setting: Setting) {
        #expect(ServeCommand.helpMessage().contains("\(setting.option) "))
    }

    @Test("the README names every option of wgw serve's help text, and no other")
    func optionsAreDocumented() throws {
        let options = /--[a-z][a-z-]+(?= <|  )/
        let helped = ServeCommand.helpMessage().matches(of: options).map { String($0.0) }
            .filter { !["--help", "--version"].contains($0) }
        let text = try String(contentsOf: readme, encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `--") }
        let documented = rows.compactMap { $0.firstMatch(of: /--[a-z-]+/).map { String($0.0) } }
        #expect(Set(documented) == Set(helped))
    }

    @Test("the README names the environment variable of every setting", arguments: Setting.allCases)
    func variablesAreDocumented(setting: Setting) throws {
        let text = try String(contentsOf: readme, encoding: .utf8)
        #expect(text.contains("`\(setting.variable)`"))
    }
}
