import Foundation
import Testing

/// The vendor's own client for Python, as it comes from PyPI, against the server.
@Suite(
    .enabled(
        if: VendorClient.isGiven,
        "skipped: WGW_VENDOR_CLIENT names no Python with the client; `make test` makes one."
    ),
    .timeLimit(.minutes(2))
)
struct VendorClientTests {
    @Test("all its methods work unmodified, with strict validation of every answer")
    func walk() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "wgw-vendor-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try BackgroundProcess(
            [
                "env", "-i", "PATH=/usr/bin:/bin", WGWServer.binary.path, "serve",
                "--listen", "127.0.0.1:0", "--data-dir", folder.appending(path: "data").path,
                "--api-key", WGWServer.apiKey, "--endpoint-address", "127.0.0.1",
                "--bind-address", "127.0.0.1", "--port-range", "20000-29999",
                "--rate-limit", "40:20",
            ],
            logs: folder,
            name: "server"
        )
        let isReady = try await eventually(within: .seconds(10)) {
            server.output.contains("wgw is ready") || !server.isRunning
        }
        try #require(isReady && server.isRunning, "\(server.errors)")
        let base = try #require(server.output.firstMatch(of: /http:\/\/[\d.]+:\d+\/v2/)).0

        let walk = try Command.run(
            "env",
            "TELNYX_BASE_URL=\(base)",
            "TELNYX_API_KEY=\(WGWServer.apiKey)",
            VendorClient.python,
            VendorClient.script,
            "local"
        )
        #expect(walk.status == 0, "\(walk.output)")
        #expect(walk.lines.last == "walk: done")
        #expect(try await server.stop() == 0)
    }
}

private enum VendorClient {
    static let isGiven =
        ProcessInfo.processInfo.environment["WGW_VENDOR_CLIENT"] != nil
        || Privileges.isContinuousIntegration

    /// Where it is not given and must be, its name says what is missing.
    static let python =
        ProcessInfo.processInfo.environment["WGW_VENDOR_CLIENT"] ?? "WGW_VENDOR_CLIENT-is-not-set"

    static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "VendorClient/walk.py").path
}
