import Foundation
import TestSupport
import Testing

@testable import wgw

@Suite("The config file of the package")
struct ConfigFileTemplateTests {
    private static let template = ConfigFileTemplate.yaml(ServeCommand.settings)

    @Test("packaging/wgw.yaml is the table of settings as it is")
    func golden() throws {
        let kept = try? String(contentsOf: Self.golden, encoding: .utf8)
        if kept != Self.template {
            try Self.template.write(to: Self.actual, atomically: true, encoding: .utf8)
        }
        #expect(
            kept == Self.template,
            "cp \(Self.actual.path) packaging/wgw.yaml, and look at the difference"
        )
    }

    private static let golden = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "packaging/wgw.yaml")
    private static let actual = FileManager.default.temporaryDirectory
        .appending(path: "wgw.yaml.new")

    @Test("a config file in which every setting is a comment gives the defaults")
    func untouched() async throws {
        let file = try TemporaryFile(Self.template, suffix: ".yaml")
        let given = try await configuration(file: file.path)
        #expect("\(given)" == "\(try await configuration())")
    }

    @Test("a default whose comment mark is taken away is the default still")
    func defaults() async throws {
        for setting in ServeCommand.settings {
            guard case .value = setting.defaultValue else { continue }
            let mark = "\n#\(setting.key):"
            #expect(Self.template.contains(mark), "\(setting.key)")
            let text = Self.template.replacing(mark, with: "\n\(setting.key):")
            let file = try TemporaryFile(text, suffix: ".yaml")
            let given = try await configuration(file: file.path)
            #expect("\(given)" == "\(try await configuration())", "\(setting.key)")
        }
    }

    @Test("each setting that a config file may have is in the template, but for secrets")
    func complete() {
        let keys = Self.template.matches(of: #/(?m)^#([a-z-]+): /#).map { String($0.1) }
        let settings = ServeCommand.settings.filter { $0.places.contains(.configFile) }
        #expect(keys == settings.filter { !$0.isSecret }.map(\.key))
        for line in Self.template.split(separator: "\n") { #expect(line.count <= 110) }
    }
}
