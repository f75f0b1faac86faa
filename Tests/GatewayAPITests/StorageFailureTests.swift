import GatewayAPI
import GatewayStore
import Glibc
import HTTPEdge
import HTTPTypes
import LogTestSupport
import TestSupport
import Testing

@Suite("While changes cannot be stored")
struct StorageFailureTests {
    @Test("changes that cannot be stored are answered 503 with a reason, and reads are answered")
    func refusal() async throws {
        let temporary = try TemporaryDirectory()
        defer { withExtendedLifetime(temporary) {} }
        let directory = temporary.path + "/data"
        let api = try await TestAPI(store: Store(directory: directory))
        try await api.serve { client in
            let network = try await client.network()
            let fresh = client.with(key: try await client.makeKey(role: "member"))
            try #require(rename(directory, directory + ".away") == 0)
            let before = try await client.everything()
            for request in [
                (TestMethod.post, "/v2/networks", #"{"name":"n"}"#),
                (.patch, "/v2/networks/\(network)", #"{"name":"n"}"#),
                (.delete, "/v2/networks/\(network)", ""),
            ] {
                let answer = try await client.send(request.0, request.1, Array(request.2.utf8))
                #expect(answer.status == 503)
                #expect(try answer.problems == ["10037"])
                #expect(answer.headers[.retryAfter].flatMap { Int($0) } != nil)
                #expect(answer.text.contains("data directory was moved"))
                #expect(!answer.text.contains(directory))
            }
            // Its first use, which would be written down.
            #expect(try await fresh.get("/v2/networks").status == 200)
            #expect(try await client.get("/metrics").status == 200)
            #expect(try await client.everything() == before)
            try #require(rename(directory + ".away", directory) == 0)
            #expect(try await client.delete("/v2/networks/\(network)").status == 200)
        }
        #expect(!api.log.lines.contains { $0.contains("request failed") })
    }

    @Test("readiness tells every part's reason for not being ready")
    func readiness() async throws {
        let api = try await TestAPI()
        let parts: [Readiness.Part] = [{ "One." }, { nil }, { "Two." }]
        try await api.serve(readiness: Readiness(parts)) { client in
            let answer = try await client.with(key: nil).get("/readyz")
            #expect(answer.status == 503)
            #expect(try answer.problems == ["10037", "10037"])
            #expect(answer.text.contains("One.") && answer.text.contains("Two."))
            #expect(try await client.with(key: nil).get("/healthz").status == 200)
        }
    }
}
