import GatewayDomain
import JSON
import NodeProtocol
import ServiceTestSupport
import Testing

@testable import GatewayService

struct NodeObservationsTests {
    private func trouble(_ count: Int) -> PeerObservations {
        var observations = PeerObservations()
        observations.unansweredCalls = PeerObservations.Occurrences(count: count)
        return observations
    }

    @Test("what is remembered of peers is bounded, and the newest is kept")
    func bounded() {
        let observations = NodeObservations(since: Timestamp(microseconds: 0))
        let ids = (0..<25_000).map { _ in PeerID.random() }
        for (number, id) in ids.enumerated() {
            observations.record(TroubleReport(peers: [id: trouble(number)]))
        }
        let kept = ids.indices.filter { observations[ids[$0]] != nil }
        #expect(kept.count <= 10_000 && kept.count >= 9_000)
        #expect(kept == Array((25_000 - kept.count)..<25_000))
    }

    @Test("strangers stay as they were reported while only the number of drops goes on")
    func partial() {
        let observations = NodeObservations(since: Timestamp(microseconds: 0))
        let id = GatewayID.random()
        observations.record(TroubleReport(drops: [id: 1], strangers: [id: []]))
        observations.record(TroubleReport(drops: [id: 5]))
        #expect(observations[id] == GatewayObservations(drops: 5))
        #expect(observations[GatewayID.random()] == GatewayObservations())
    }

    @Test("what was seen of a peer is forgotten with its key and with the peer")
    func forgotten() async throws {
        let world = try await DiagnosisFixture()
        let observations = world.fixture.controlPlane.observations
        func change(_ change: PeerChange) async throws {
            _ = try await world.fixture.controlPlane.perform(
                .updatePeer(world.laptop.id, change),
                by: world.fixture.caller
            )
        }
        world.report(world.laptop) { $0.unansweredCalls = world.occurrences(1) }
        try await change(PeerChange(reading: ["name": "other"]))
        #expect(observations[world.laptop.id] != nil)
        try await change(PeerChange())
        #expect(observations[world.laptop.id] == nil)
        world.report(world.phone) { $0.unansweredCalls = world.occurrences(1) }
        _ = try await world.fixture.controlPlane.perform(
            .deletePeer(world.phone.id),
            by: world.fixture.caller
        )
        #expect(observations[world.phone.id] == nil)
    }

    @Test("a report that comes after a gateway was deleted brings nothing of it back")
    func late() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: try await fixture.network())
        let observations = fixture.controlPlane.observations
        observations.record(TroubleReport(drops: [gateway.id: 1]))
        #expect(observations[gateway.id].drops == 1)
        _ = try await fixture.controlPlane.deleteGateway(gateway.id, by: fixture.caller)
        observations.record(TroubleReport(drops: [gateway.id: 7], strangers: [gateway.id: []]))
        #expect(observations[gateway.id] == GatewayObservations())
    }
}
