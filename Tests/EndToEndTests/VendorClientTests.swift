import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// The vendor's own client for Python, as it comes from PyPI, against the server.
@Suite(
    .enabled(
        if: VendorClient.isGiven,
        "skipped: WGW_VENDOR_CLIENT names no Python with the client; `make test` makes one."
    ),
    .timeLimit(.minutes(10))
)
struct VendorClientTests {
    @Test("the vendor's Python client works unmodified, with strict validation of every answer")
    func walk() async throws {
        try await LoopbackServer.run("--rate-limit", "5:20") { server in
            let walk = try Command.run(
                "env",
                "TELNYX_BASE_URL=\(server.base.absoluteString)/v2",
                "TELNYX_API_KEY=\(Program.apiKey)",
                VendorClient.python,
                VendorClient.script,
                "local"
            )
            #expect(walk.status == 0, "\(walk.output)")
            #expect(walk.lines.last == "walk: done")
        }
    }
}

private enum VendorClient {
    static let isGiven =
        ProcessInfo.processInfo.environment["WGW_VENDOR_CLIENT"] != nil
        || ContinuousIntegration.isOn

    /// Where it is not given and must be, its name says what is missing.
    static let python =
        ProcessInfo.processInfo.environment["WGW_VENDOR_CLIENT"] ?? "WGW_VENDOR_CLIENT-is-not-set"

    static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "VendorClient/walk.py").path
}
