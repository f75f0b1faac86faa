import HTTPEdge
import HTTPTypes
import RateLimiting
import Testing

@Suite("How often a key may ask")
struct RateLimitTests {
    /// Of a moment that lasts, so that nothing is earned however long the test takes.
    private static var limiter: RateLimiter {
        let now = ContinuousClock.now
        return RateLimiter(RateLimit(perSecond: 1, burst: 3)) { now }
    }

    @Test(
        "every answer tells the rate limit of its API key, and requests beyond it are refused for a time"
    )
    func refusal() async throws {
        let api = try await TestAPI()
        try await api.serve(limiter: Self.limiter) { client in
            func quota(_ path: String, key: String? = TestAPI.key) async throws -> [String?] {
                Self.quota(of: try await client.with(key: key).get(path))
            }
            #expect(try await quota("/v2/regions") == ["3", "2", "1"])
            #expect(try await quota("/v2/networks/x") == ["3", "1", "2"])
            #expect(try await quota("/v2/nothing") == ["3", "0", "3"])

            let refused = try await client.get("/v2/regions")
            #expect(refused.status == 429)
            #expect(try refused.problems == ["10011"])
            #expect(refused.headers[.retryAfter] == "1")
            #expect(Self.quota(of: refused) == ["3", "0", "3"])
            #expect(try await client.get("/v2/nothing").status == 429)

            #expect(try await client.get("/healthz").status == 200, "nobody's key is in it")
            #expect(try await quota("/v2/regions", key: "KEYnobody") == [nil, nil, nil])
        }
    }

    private static func quota(of answer: TestAnswer) -> [String?] {
        ["limit", "remaining", "reset"].map { name in
            HTTPField.Name("x-ratelimit-\(name)").flatMap { answer.headers[$0] }
        }
    }

    @Test("requests with one API key do not count against another's rate limit")
    func keys() async throws {
        let api = try await TestAPI()
        let stranger = try await api.addOrganization()
        try await api.serve(limiter: Self.limiter) { client in
            var statuses: [Int] = []
            for _ in 0..<4 { statuses.append(try await client.get("/v2/regions").status) }
            #expect(statuses == [200, 200, 200, 429])
            #expect(try await client.with(key: stranger).get("/v2/regions").status == 200)
        }
    }
}
