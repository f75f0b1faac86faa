import GatewayDomain
import GatewayStore
import JSON
import ServiceTestSupport
import Testing

@testable import GatewayService

@Suite("A request with an idempotency key at several servers")
struct OneRequestTests {
    @Test("the same request to several servers at once makes one object, and gets one answer")
    func atOnce() async throws {
        let fixture = try await ServiceFixture()
        let servers = (0..<4).map { _ in fixture.otherServer() }
        let key = try #require(IdempotencyKey(key: "once", path: "/v2/networks"))
        let request = NewNetwork(reading: ["name": "network"])
        let answers = try await withThrowingTaskGroup(
            of: (response: StoredResponse, isRepeated: Bool).self
        ) { group in
            for server in servers {
                group.addTask {
                    try await server.perform(
                        once: key,
                        content: [1],
                        by: fixture.caller,
                        response: { StoredResponse(status: 200, text: "\($0.id)") },
                        { .createNetwork(request) }
                    )
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.filter { !$0.isRepeated }.count == 1)
        #expect(Set(answers.map(\.response.text)).count == 1)
        let networks = try await fixture.controlPlane.listNetworks(
            page: try #require(Page(number: 1, size: 10)),
            by: fixture.caller
        )
        #expect(networks.elements.count == 1)
    }

    @Test("another server has answered a request between its first look and its transaction")
    func between() async throws {
        let fixture = try await ServiceFixture()
        let (first, second) = (fixture.otherServer(), fixture.otherServer())
        let key = try #require(IdempotencyKey(key: "once", path: "/v2/networks"))
        let request = NewNetwork(reading: ["name": "network"])
        let response = { @Sendable (network: Network) in
            StoredResponse(status: 200, text: "\(network.id)")
        }
        var early: StoredResponse?
        let late = try await second.perform(
            once: key,
            content: [1],
            by: fixture.caller,
            response: response
        ) {
            early = try await first.perform(
                once: key,
                content: [1],
                by: fixture.caller,
                response: response,
                { .createNetwork(request) }
            ).response
            return .createNetwork(request)
        }
        #expect(late.isRepeated)
        #expect(late.response == early)
    }
}
