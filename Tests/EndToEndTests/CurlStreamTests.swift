import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// The stream of changes as a program on the command line follows it.
@Suite(
    .enabled(
        if: Privileges.hasCurl || ContinuousIntegration.isOn,
        "skipped: curl is needed; `make test` installs it."
    ),
    .timeLimit(.minutes(10))
)
struct CurlStreamTests {
    @Test(
        "curl follows the change stream live, resumes it where it was, and does not delay a stop"
    )
    func follow() async throws {
        try await TemporaryDirectory.with { folder in
            var follower: BackgroundProcess?
            try await LoopbackServer.run { server in
                let first = try follow(server, "", in: folder, name: "first")
                let hasBegun = try await eventually {
                    first.output.contains("heartbeat")
                }
                #expect(hasBegun, "\(first.errors)")
                let network = try await server.api.createNetwork("n").id
                let gateway = try await server.api.createGateway(network: network).id
                let isTold = try await eventually {
                    first.lines.contains { $0.contains(gateway) && $0.contains("\"provisioned\"") }
                }
                #expect(isTold, "\(first.output)")
                first.kill()

                let line = try #require(first.lines.first { $0.contains(network) })
                let revision = try #require(line.firstMatch(of: /"revision":(\d+)/)).output.1
                let second = try follow(server, "?since=\(revision)", in: folder, name: "second")
                let isComplete = try await eventually {
                    second.lines.count >= first.lines.count - 1
                }
                #expect(isComplete, "\(second.output)")
                #expect(!second.lines.contains { $0.contains("network.created") })
                follower = second
            }
            // The stream was brought to its end, and not torn down when the server's patience was over.
            let last = try #require(follower)
            #expect(try await last.waitForExit() == 0, "\(last.errors)")
        }
    }

    private func follow(
        _ server: LoopbackServer,
        _ query: String,
        in folder: URL,
        name: String
    ) throws -> BackgroundProcess {
        try BackgroundProcess(
            [
                "curl", "-sSN", "-H", "Authorization: Bearer \(Program.apiKey)",
                "\(server.base.absoluteString)/v2/changes\(query)",
            ],
            logs: folder,
            name: name
        )
    }
}

extension BackgroundProcess {
    var lines: [Substring] { output.split(separator: "\n") }
}
