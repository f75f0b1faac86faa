import GatewayDomain
import HTTPTypes
import Testing

@testable import GatewayAPI

@Suite("How often a key may ask")
struct RateLimitTests {
    private static let limit = RateLimit(perSecond: 1, burst: 3)

    @Test(
        "every answer tells the rate limit of its API key, and requests beyond it are refused for a time"
    )
    func refusal() async throws {
        let api = try await TestAPI()
        try await api.serve(rateLimit: Self.limit) { client in
            func standing(_ path: String, key: String? = TestAPI.key) async throws -> [String?] {
                Self.standing(of: try await client.with(key: key).get(path))
            }
            #expect(try await standing("/v2/regions") == ["3", "2", "1"])
            #expect(try await standing("/v2/networks/x") == ["3", "1", "2"])
            #expect(try await standing("/v2/nothing") == ["3", "0", "3"])

            let refused = try await client.get("/v2/regions")
            #expect(refused.status == 429)
            #expect(try refused.problems == ["10011"])
            #expect(refused.headers[.retryAfter] == "1")
            #expect(Self.standing(of: refused) == ["3", "0", "3"])
            #expect(try await client.get("/v2/nothing").status == 429)

            #expect(try await client.get("/healthz").status == 200, "nobody's key is in it")
            #expect(try await standing("/v2/regions", key: "KEYnobody") == [nil, nil, nil])
        }
    }

    private static func standing(of answer: TestAnswer) -> [String?] {
        ["limit", "remaining", "reset"].map { name in
            HTTPField.Name("x-ratelimit-\(name)").flatMap { answer.headers[$0] }
        }
    }

    @Test("requests with one API key do not count against another's rate limit")
    func keys() async throws {
        let api = try await TestAPI()
        let stranger = try await api.addOrganization()
        try await api.serve(rateLimit: Self.limit) { client in
            var statuses: [Int] = []
            for _ in 0..<4 { statuses.append(try await client.get("/v2/regions").status) }
            #expect(statuses == [200, 200, 200, 429])
            #expect(try await client.with(key: stranger).get("/v2/regions").status == 200)
        }
    }

    @Test("a rate limit's bucket fills with time, and never above its size")
    func filling() {
        let limiter = TokenBuckets<APIKeyID>(RateLimit(perSecond: 10, burst: 2))
        let key = APIKeyID.random()
        let start = ContinuousClock.now
        func take(after milliseconds: Int) -> Duration? {
            limiter.take(for: key, at: start + .milliseconds(milliseconds)).wait
        }
        #expect(take(after: 0) == nil)
        #expect(take(after: 0) == nil)
        #expect(take(after: 0) == .milliseconds(100))
        #expect(take(after: 50) == .milliseconds(50))
        #expect(take(after: 100) == nil)
        #expect(take(after: 100) != nil)
        for _ in 0..<2 { #expect(take(after: 60_000) == nil) }
        #expect(take(after: 60_000) != nil, "two, not six hundred")
        #expect(take(after: 0) != nil, "a clock that goes back gives nothing")
    }
}
