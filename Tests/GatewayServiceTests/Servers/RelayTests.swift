import GatewayDomain
import GatewayStore
import NodeProtocol
import ServiceTestSupport
import Testing

@testable import GatewayService

@Suite("What a node says to one server, others know")
struct RelayTests {
    @Test(
        "troubles, traffic, progress and load are the same at a server that has not heard the node"
    )
    func known() async throws {
        let fixture = try await ServiceFixture()
        let (first, second) = (fixture.otherServer(), fixture.otherServer())
        for server in [first, second] { try await server.catchUp() }
        let node = try await fixture.connectedNode("edge", to: first)
        let gateway = try await fixture.gateway(in: fixture.network()) {
            $0.nodeID = .value(node.node.id)
        }
        let peer = try await fixture.peer(of: gateway).peer
        var report = fixture.report(1)
        report.content.trouble.peers = [peer.id: PeerObservations()]
        report.content.trouble.drops = [gateway.id: 7]
        report.content.traffic.drops = [gateway.id: ["no_route": 7]]
        report.content.revision = 5
        report.content.loadPercent = 40
        try await first.nodeFeed(of: node.node.id).count(report)
        #expect(second.observations[peer.id] == nil)
        try await second.catchUp()
        #expect(second.observations[peer.id] != nil)
        #expect(second.observations[gateway.id].drops == 7)
        let shown = try await second.showNode(node.node.id, by: fixture.caller)
        #expect([shown.activity.revision, shown.activity.loadPercent.map(Int64.init)] == [5, 40])
        try await first.catchUp()
        #expect(first.observations[gateway.id].drops == 7)
    }

    @Test("a report is taken in once, in parts where it is large, and is not kept for long")
    func once() async throws {
        let fixture = try await ServiceFixture()
        let (first, second) = (fixture.otherServer(), fixture.otherServer())
        for server in [first, second] { try await server.catchUp() }
        let node = try await fixture.connectedNode("edge", to: first).node
        for sequence: Int64 in 1...250 {
            try await first.nodeFeed(of: node.id).count(fixture.report(sequence))
        }
        try await second.catchUp()
        #expect(second.relayPlace.number == 250)
        fixture.clock.advance(seconds: 120)
        try await first.nodeFeed(of: node.id).count(fixture.report(251))
        try await first.prolongLife()
        let kept = try await fixture.store.read { db in
            try RelayedReports.next(after: 0, notFrom: "", limit: 1_000, db).map(\.number)
        }
        #expect(kept == [251])
        try await second.catchUp()
        #expect(second.relayPlace.number == 251)
    }

    @Test("one server alone leaves nothing to others")
    func alone() async throws {
        let fixture = try await ServiceFixture()
        let node = try await fixture.connectedNode("edge").node
        try await fixture.controlPlane.nodeFeed(of: node.id).count(fixture.report(1))
        #expect(try await fixture.store.read { try RelayedReports.newest($0) } == 0)
    }
}

extension ServiceFixture {
    fileprivate func report(_ sequence: Int64) -> NodeReport {
        NodeReport(
            number: ReportNumber(generation: "g", sequence: sequence),
            time: clock.now(),
            content: ReportContent()
        )
    }
}
