import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// Thousands of requests made up from the OpenAPI document, right ones and wrong ones. Every answer
/// has to be one that the document declares.
@Suite(
    .enabled(
        if: Fuzzer.isGiven,
        "skipped: WGW_API_FUZZER names no schemathesis; `make test` installs one."
    ),
    .timeLimit(.minutes(60))
)
struct DocumentFuzzTests {
    @Test(
        "no made-up request makes the server fail or answer what the OpenAPI document does not declare"
    )
    func fuzz() async throws {
        try await LoopbackServer.run("--rate-limit", "off", "--log-level", "warning") { server in
            let api = server.api
            // Another than the key's own: else a request would revoke the key under way.
            let organization = try await api.createOrganization("fuzzed").id
            let tenant = api.acting(for: organization)
            for _ in 0..<3 {
                let network = try await tenant.createNetwork("n").id
                let gateway = try await tenant.createGateway(network: network).id
                for _ in 0..<3 { _ = try await tenant.createPeer(gateway: gateway, name: "p") }
            }
            let run = try Command.run(
                "env",
                // It leaves notes where it runs, and would repeat what it noted.
                "-C",
                server.folder.path,
                "WGW_URL=\(server.base.absoluteString)",
                "WGW_API_KEY=\(Program.apiKey)",
                "WGW_ORGANIZATION=\(organization)",
                "SCHEMATHESIS_HOOKS=hooks",
                "PYTHONPATH=\(Fuzzer.folder.path)",
                Fuzzer.program,
                "--config-file",
                Fuzzer.folder.appending(path: "schemathesis.toml").path,
                "run",
                server.base.appending(path: "openapi.json").absoluteString
            )
            #expect(run.status == 0, "\(run.output)")
            let tested = try #require(run.output.firstMatch(of: /(\d+) generated/)).output.1
            #expect(try #require(Int(tested)) > 2_000)
            // It has no right to let packets out of this machine, and warns of each gateway that would.
            let told = server.errors.split(separator: "\n")
                .filter { !$0.contains("warning gateway has no way out") }
            #expect(told.isEmpty, "it logged an error or a warning")
        }
    }
}

private enum Fuzzer {
    static let isGiven =
        ProcessInfo.processInfo.environment["WGW_API_FUZZER"] != nil
        || ContinuousIntegration.isOn

    /// Where it is not given and must be, its name says what is missing.
    static let program =
        ProcessInfo.processInfo.environment["WGW_API_FUZZER"] ?? "WGW_API_FUZZER-is-not-set"

    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "APIFuzz")
}
