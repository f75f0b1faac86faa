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
        "the portal shows what a stock client does, as the scenario says",
        .enabled(if: Privileges.allowTests, "skipped: \(Privileges.lacking ?? "")"),
        arguments: BrowserDriver.scenariosWithClients
    )
    func scenarioWithClient(name: String) throws {
        let played = try BrowserDriver.run("--wgw", Program.binary.path, name)
        #expect(played.status == 0, "\(played.output)")
    }
}

private enum BrowserDriver {
    static let isGiven =
        ProcessInfo.processInfo.environment["WGW_BROWSER"] != nil
        || ContinuousIntegration.isOn

    /// They take the right to make network interfaces.
    static let scenariosWithClients = ["first_run", "strangers", "links", "usage", "limits"]

    /// What else the driver has, but for what makes pictures. Where it cannot be asked, the one scenario is a
    /// name that it does not have, so that the test fails and says why.
    static let scenarios: [String] = {
        guard isGiven else { return [] }
        let apart = scenariosWithClients + ["screenshots", "readme_pictures"]
        let listed = try? run("--list")
        guard let listed, listed.status == 0 else { return ["--list"] }
        return listed.lines.map(String.init).filter { !apart.contains($0) }
    }()

    static func run(_ words: String...) throws -> Command.Result {
        // Where it is not given and must be, its name says what is missing.
        let python =
            ProcessInfo.processInfo.environment["WGW_BROWSER"] ?? "WGW_BROWSER-is-not-set"
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Browser/run.py").path
        return try Command.run([python, "-B", script] + words)
    }
}
