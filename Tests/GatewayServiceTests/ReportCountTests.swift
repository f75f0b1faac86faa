import GatewayDomain
import NodeProtocol
import ServiceTestSupport
import Testing

@testable import GatewayService

@Suite("Reports of nodes on other machines")
struct ReportCountTests {
    private static func report(
        _ sequence: Int64,
        of peer: PeerID,
        bytes: UInt64 = 5,
        generation: String = "g",
        time: Timestamp,
        lastSeen: Timestamp? = nil
    ) -> NodeReport {
        var content = ReportContent()
        content.peers = [
            PeerReport(
                id: peer,
                lastSeen: lastSeen,
                latestHandshakeAt: nil,
                endpoint: nil,
                rxBytesAdded: bytes,
                txBytesAdded: 0,
                egressAdded: EgressBytes(left: bytes, entered: 0)
            )
        ]
        return NodeReport(
            number: ReportNumber(generation: generation, sequence: sequence),
            time: time,
            content: content
        )
    }

    @Test("a report that comes again is counted once, and an older one not at all")
    func once() async throws {
        let fixture = try await ServiceFixture()
        let node = try await fixture.connectedNode("edge").node
        let feed = fixture.controlPlane.nodeFeed(of: node.id)
        let gateway = try await fixture.gateway(in: fixture.network()) {
            $0.nodeID = .value(node.id)
        }
        let peer = try await fixture.peer(of: gateway).peer.id
        let now = fixture.clock.now()
        for sequence: Int64 in [1, 1, 3, 2, 3] {
            try await feed.count(Self.report(sequence, of: peer, time: now))
        }
        #expect(try await feed.countedSequence(of: "g") == 3)
        #expect(try await feed.countedSequence(of: "another") == 0)
        try await feed.count(Self.report(1, of: peer, generation: "another", time: now))
        let shown = try await fixture.controlPlane.showPeer(peer, by: fixture.caller)
        #expect(shown.activity.rxBytes == 15)
        #expect(shown.activity.egress == EgressBytes(left: 15))
    }

    @Test("what a node reports of another node's peers adds nothing, in memory neither")
    func foreign() async throws {
        let fixture = try await ServiceFixture()
        let node = try await fixture.connectedNode("edge").node
        let feed = fixture.controlPlane.nodeFeed(of: node.id)
        let gateway = try await fixture.gateway(in: fixture.network())
        let peer = try await fixture.peer(of: gateway).peer.id
        var report = Self.report(1, of: peer, time: fixture.clock.now())
        report.content.trouble.peers = [peer: PeerObservations()]
        report.content.trouble.drops = [gateway.id: 7]
        try await feed.count(report)
        let shown = try await fixture.controlPlane.showPeer(peer, by: fixture.caller)
        #expect(shown.activity.rxBytes == 0)
        #expect(fixture.controlPlane.observations[peer] == nil)
        #expect(fixture.controlPlane.observations[gateway.id].drops == 0)
    }

    @Test(
        "numbers that no machine counts leave rows that are read, and no report deletes a gateway"
    )
    func hostileNumbers() async throws {
        let fixture = try await ServiceFixture()
        let node = try await fixture.connectedNode("edge").node
        let feed = fixture.controlPlane.nodeFeed(of: node.id)
        let gateway = try await fixture.gateway(in: fixture.network()) {
            $0.nodeID = .value(node.id)
        }
        let peer = try await fixture.peer(of: gateway).peer.id
        for sequence: Int64 in 1...2 {
            var report = Self.report(
                sequence,
                of: peer,
                bytes: UInt64(Int64.max),
                time: fixture.clock.now()
            )
            report.content.peers += report.content.peers + report.content.peers
            report.content.gateways = [
                GatewayReport(
                    id: gateway.id,
                    standing: GatewayStanding(status: .deleting, reason: nil)
                )
            ]
            try await feed.count(report)
        }
        let shown = try await fixture.controlPlane.showPeer(peer, by: fixture.caller)
        #expect(shown.activity.rxBytes == .mostCounted)
        let stillThere = try await fixture.controlPlane.showGateway(gateway.id, by: fixture.caller)
        #expect(stillThere.status == gateway.status)
        #expect(stillThere.activity.rxBytes == .mostCounted)
    }

    @Test("times of a node whose clock is wrong are set right by the server's")
    func clocks() async throws {
        let fixture = try await ServiceFixture()
        let node = try await fixture.connectedNode("edge").node
        let feed = fixture.controlPlane.nodeFeed(of: node.id)
        let gateway = try await fixture.gateway(in: fixture.network()) {
            $0.nodeID = .value(node.id)
        }
        let peer = try await fixture.peer(of: gateway).peer.id
        let wrong = fixture.clock.now().advanced(bySeconds: 3_000)
        let report = Self.report(1, of: peer, time: wrong, lastSeen: wrong)
        try await feed.count(report)
        let shown = try await fixture.controlPlane.showPeer(peer, by: fixture.caller)
        #expect(shown.activity.egress == EgressBytes(left: 5))
        let seen = try #require(shown.activity.lastSeen)
        #expect(seen < wrong.advanced(bySeconds: -2_000))
    }

    @Test(
        "what a node has counted of a gateway that was moved is counted once, and its state is not believed"
    )
    func late() async throws {
        let fixture = try await ServiceFixture()
        let nodes = [
            try await fixture.connectedNode("edge").node,
            try await fixture.connectedNode("other").node,
            try await fixture.connectedNode("third").node,
        ]
        let gateway = try await fixture.gateway(in: fixture.network()) {
            $0.nodeID = .value(nodes[0].id)
        }
        let peer = try await fixture.peer(of: gateway).peer.id
        _ = try await fixture.move(gateway, to: nodes[1].id)
        let now = fixture.clock.now()
        for (node, bytes) in zip(nodes, [5, 7, 11] as [UInt64]) {
            let feed = fixture.controlPlane.nodeFeed(of: node.id)
            var report = Self.report(1, of: peer, bytes: bytes, time: now, lastSeen: now)
            if node.id != nodes[1].id {
                report.content.gateways = [
                    GatewayReport(id: gateway.id, status: .provisioned, reason: nil)
                ]
            } else {
                report.content.peers[0].lastSeen = now.advanced(bySeconds: -60)
            }
            for _ in 0..<2 { try await feed.count(report) }
        }
        let shown = try await fixture.controlPlane.showPeer(peer, by: fixture.caller)
        #expect(shown.activity.rxBytes == 12, "of the node that had it and the one that has it")
        #expect(shown.activity.egress == EgressBytes(left: 12))
        #expect(shown.activity.lastSeen == now.advanced(bySeconds: -60))
        let moved = try await fixture.controlPlane.showGateway(gateway.id, by: fixture.caller)
        #expect(moved.activity.rxBytes == 12)
        #expect(moved.status == .provisioning)
    }
}
