import ArgumentParser
import CommandLineProgram
import Foundation
import TestSupport
import Testing

@testable import wgw

@Suite("The table of settings")
struct SettingsTableTests {
    @Test("each setting has one meaning as an option, a variable, and a key in either spelling")
    func places() async throws {
        let keyFile = try TemporaryFile("KEY-of-the-file-on-its-line\n")
        let values = Self.values.merging(["api-key-file": keyFile.path]) { $1 }
        for setting in ServeCommand.settings where setting != Settings.config.entry {
            let value = try #require(values[setting.key], "a value to try \(setting.key) with")
            // What the setting cannot be without.
            let companions = Self.companions[setting.key] ?? [:]
            var seen: [String: String] = [:]
            if setting.places.contains(.option) {
                let words = setting.valueName == nil ? [] : [value]
                let command = try ServeCommand.parse([setting.option] + words)
                let given = [SettingEntry: String](ServeCommand.options, givenTo: command)
                #expect(given == [setting: value])
                seen["option"] = try await Self.shown(given, companions)
            }
            if setting.places.contains(.variable) {
                let environment = companions.merging([setting.variable: value]) { $1 }
                seen["variable"] = try await Self.shown([:], environment)
            }
            if setting.places.contains(.configFile) {
                for key in [setting.key, setting.underscored] {
                    let isPlain = setting.valueName == nil || setting.structuredExample != nil
                    let written = isPlain ? value : "\"\(value)\""
                    let files = [
                        ("\(key): \(written)\n", ".yaml"), ("{\"\(key)\": \(written)}", ".json"),
                    ]
                    for (text, suffix) in files {
                        let file = try TemporaryFile(text, suffix: suffix)
                        let given = [Settings.config.entry: file.path]
                        seen[key + suffix] = try await Self.shown(given, companions)
                    }
                }
            }
            #expect(Set(seen.values).count == 1, "\(setting.key) differs: \(seen)")
            if companions.isEmpty {
                let without = try await Self.shown([:], [:])
                #expect(seen.values.first != without, "\(setting.key) changes nothing")
            }
        }
    }

    /// A good value of each setting that is not its default.
    private static let values = [
        "listen": "[::1]:81", "tls-cert": "cert.pem", "tls-key": "key.pem",
        "insecure-http": "true", "public-url": "https://vpn.example.com/wgw", "data-dir": "/data",
        "trusted-proxies": "10.0.0.1,fd00::/64",
        "database": "postgres://wgw@db/wgw", "api-key": "KEY-of-sixteen-or-more",
        "region": "fra=Frankfurt", "endpoint-address": "vpn.example.com",
        "bind-address": "192.0.2.1", "port-range": "6000-6001", "egress-pool": "10.99.0.0/16",
        "private-services": #"[{"name": "sip", "prefixes": ["192.0.2.0/24"], "ports": [5060]}]"#,
        "prices": #"[{"from": "2026-11", "currency": "EUR", "gateway": "5.50"}]"#,
        "persistent-keepalive": "0",
        "rate-limit": "7:9", "max-networks": "1", "max-gateways": "2", "max-peers": "3",
        "max-egress-share": "7",
        "event-days": "4", "usage-hour-days": "5", "usage-days": "6", "peer-metrics": "true",
        "webhook-allow": "10.0.0.1,fd00::/64",
        "workers": "5", "udp-gso": "on",
        "log-level": "trace",
        "master-key": "a-key",
    ]

    private static let companions = [
        "tls-cert": ["WGW_TLS_KEY": "key.pem"], "tls-key": ["WGW_TLS_CERT": "cert.pem"],
        "insecure-http": ["WGW_LISTEN": "0.0.0.0:80"],
    ]

    /// The whole configuration as text, but for the one difference that there is between an option and
    /// other places: other users see options.
    private static func shown(
        _ options: [SettingEntry: String],
        _ environment: [String: String]
    ) async throws -> String {
        let configuration = try await configuration(given: options, environment: environment)
        return "\(configuration)".replacing("isInOptions: true", with: "isInOptions: false")
    }

    @Test("the names of settings are unique, and their sentences end")
    func entries() {
        let settings = ServeCommand.settings
        #expect(Set(settings.map(\.key)).count == settings.count)
        for setting in settings {
            #expect(setting.meaning.hasSuffix("."), "\(setting.key)")
            #expect(!setting.meaning.contains("|"), "\(setting.key) breaks the table of README.md")
        }
    }

    @Test("the help of serve has exactly the options of the table, each with its default")
    func help() {
        let help = ServeCommand.helpMessage(columns: 1_000)
        let options = help.matches(of: /--[a-z][a-z-]+(?= <|  )/).map { String($0.0) }
            .filter { !["--help", "--version"].contains($0) }
        let settings = ServeCommand.settings.filter { $0.places.contains(.option) }
        #expect(Set(options) == Set(settings.map(\.option)))
        for setting in settings {
            #expect(help.contains(setting.meaning), "\(setting.key)")
            let words = "(default: \(setting.defaultValue.text))"
            #expect(setting.valueName == nil || help.contains(words), "\(setting.key)")
        }
    }

    @Test("the options of hub are settings with the same names as for serve")
    func hub() throws {
        let command = try HubCommand.parse([
            "wg0.conf", "--bind-address", "192.0.2.1", "--workers", "2", "--udp-gso", "off",
            "--log-level", "debug",
        ])
        let given = [SettingEntry: String](HubCommand.options, givenTo: command)
        #expect(
            given == [
                Settings.bindAddress.entry: "192.0.2.1", Settings.workers.entry: "2",
                Settings.udpGSO.entry: "off", Settings.logLevel.entry: "debug",
            ]
        )
        #expect(given.count == HubCommand.options.count)
    }

    @Test("README.md has the table as it is")
    func readme() throws {
        try ReadmePart(mark: "settings: from the table in Sources/wgw/Settings")
            .expect(SettingsTable.markdown(ServeCommand.settings))
    }

    @Test("a refused secret is repeated from nowhere that it can come from")
    func secrets() async throws {
        let secret = "hunter2"
        let setting = Settings.apiKey.entry
        #expect(setting.isSecret && Settings.masterKey.entry.isSecret)
        let file = try TemporaryFile("api-key: \(secret)\n", suffix: ".yaml")
        for (options, environment, name) in [
            ([setting: secret], [:], "--api-key"), ([:], ["WGW_API_KEY": secret], "WGW_API_KEY"),
            ([Settings.config.entry: file.path], [:], "api-key in \(file.path)"),
        ] as [([SettingEntry: String], [String: String], String)] {
            let failure = await #expect(throws: CommandFailure.self) {
                try await configuration(given: options, environment: environment)
            }
            let sentence = try #require(failure).description
            #expect(sentence.hasPrefix("\(name) must be "))
            #expect(!sentence.contains(secret))
        }
    }
}
