import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// The portal in Debian's chromium, against the server: the scenarios of `Tests/Browser`.
@Suite(
    .enabled(
        if: BrowserDriver.isGiven,
        "skipped: WGW_BROWSER names no Python with Playwright; `make test` makes one."
    ),
    .timeLimit(.minutes(30))
)
struct BrowserTests {
    @Test(
        "the portal does in a real browser what the scenario says",
        arguments: BrowserDriver.scenarios
    )
    func scenario(name: String) throws {
        let played = try BrowserDriver.run("--wgw", Program.binary.path, name)
        #expect(played.status == 0, "\(played.output)")
        #expect(played.lines.last == "\(name): done")
    }

    @Test(
        "the portal leads from an empty server to the first ping of a stock client",
        .enabled(if: Privileges.allowTests, "skipped: \(Privileges.lacking ?? "")")
    )
    func firstRun() throws {
        let played = try BrowserDriver.run("--wgw", Program.binary.path, "first_run")
        #expect(played.status == 0, "\(played.output)")
    }

    @Test("every scenario that the browser's driver has is played by a test")
    func allScenarios() throws {
        let listed = try BrowserDriver.run("--list").lines.map(String.init)
        let apart = ["first_run", "screenshots", "readme_pictures"]
        #expect(Set(listed) == Set(BrowserDriver.scenarios + apart))
    }
}

private enum BrowserDriver {
    static let isGiven =
        ProcessInfo.processInfo.environment["WGW_BROWSER"] != nil
        || Privileges.isContinuousIntegration

    static let scenarios = [
        "two_browsers", "roles", "hostile_names", "accessible", "narrow", "keyboard", "restart",
        "headers", "holes", "signing_in", "without_javascript", "reference",
        "silence", "keys", "changing", "following", "explaining", "inviting", "acting",
    ]

    static func run(_ words: String...) throws -> Command.Result {
        // Where it is not given and must be, its name says what is missing.
        let python =
            ProcessInfo.processInfo.environment["WGW_BROWSER"] ?? "WGW_BROWSER-is-not-set"
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Browser/run.py").path
        return try Command.run([python, "-B", script] + words)
    }
}
