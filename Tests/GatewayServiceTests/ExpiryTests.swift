import GatewayDomain
import GatewayStore
import ServiceTestSupport
import Testing

@testable import GatewayService

@Suite("What is kept for a time only")
struct ExpiryTests {
    @Test("a stored response is repeated for a day, and then the request is done again")
    func keptAnswers() async throws {
        let fixture = try await ServiceFixture()
        let once = try await fixture.makeOnce()
        fixture.clock.advance(seconds: 86_399)
        #expect(try await fixture.makeOnce() == once)
        fixture.clock.advance(seconds: 2)
        #expect(try await fixture.makeOnce() != once)
    }

    @Test("expired stored responses and old events are deleted, and the rest stays")
    func discards() async throws {
        let fixture = try await ServiceFixture { $0.eventDays = 2 }
        _ = try await fixture.makeOnce()
        fixture.clock.advance(seconds: 86_401)
        try await fixture.controlPlane.discardExpired()
        let kept = try await fixture.store.read {
            try $0.number("SELECT count(*) AS value FROM kept_answer")
        }
        #expect(kept == 0)
        #expect(try await fixture.eventCount() == 3)
        fixture.clock.advance(seconds: 86_400)
        _ = try await fixture.network()
        try await fixture.controlPlane.discardExpired()
        #expect(try await fixture.eventCount() == 1)
    }

    @Test("expired rows of more than one batch are deleted in one go")
    func batches() async throws {
        let fixture = try await ServiceFixture { $0.eventDays = 1 }
        for _ in 0..<1_200 { _ = try await fixture.network() }
        fixture.clock.advance(seconds: 86_402)
        _ = try await fixture.network()
        try await fixture.controlPlane.discardExpired()
        #expect(try await fixture.eventCount() == 1)
    }
}

extension ServiceFixture {
    fileprivate func makeOnce() async throws -> StoredResponse {
        let key = try #require(IdempotencyKey(key: "k", path: "/v2/networks"))
        var asked = NewNetwork()
        asked.name = .value("n")
        let body = asked
        return try await controlPlane.perform(
            once: key,
            content: [1],
            by: caller,
            response: { (network: Network) in StoredResponse(status: 200, text: "\(network.id)") }
        ) {
            .createNetwork(body)
        }.response
    }

    fileprivate func eventCount() async throws -> Int {
        try await store.read { try $0.number("SELECT count(*) AS value FROM event") }
    }
}
