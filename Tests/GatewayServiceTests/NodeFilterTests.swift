import GatewayDomain
import GatewayService
import GatewayStore
import NetAddress
import NodeProtocol
import ServiceTestSupport
import Testing

@Suite("What each of several nodes is told")
struct NodeFilterTests {
    @Test("a node is told of its own gateways and peers, and of no others")
    func own() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let here = try await fixture.gateway(in: network)
        let node = try await fixture.connectedNode("edge").node
        let feeds = (
            here: fixture.controlPlane.nodeFeed, there: fixture.controlPlane.nodeFeed(of: node.id)
        )
        let start = try await feeds.there.snapshot().revision
        let there = try await fixture.gateway(in: network) { $0.nodeID = .value(node.id) }
        let peers = (
            here: try await fixture.peer(of: here).peer,
            there: try await fixture.peer(of: there).peer
        )
        let snapshots = (
            here: try await feeds.here.snapshot(), there: try await feeds.there.snapshot()
        )
        #expect(snapshots.here.gateways.map(\.id) == [here.id])
        #expect(snapshots.here.peers.map(\.id) == [peers.here.id])
        #expect(snapshots.there.gateways.map(\.id) == [there.id])
        #expect(snapshots.there.peers.map(\.id) == [peers.there.id])
        let link = try #require(snapshots.there.links.first)
        #expect(snapshots.here.links.map(\.id) == [link.id])
        #expect(
            try await feeds.there.summaries(after: start)
                == ["gateway+ \(there.id)", "link+ \(link.id)", "peer+ \(peers.there.id)"]
        )
        #expect(
            try await feeds.here.summaries(after: start)
                == ["link+ \(link.id)", "peer+ \(peers.here.id)"]
        )
    }

    @Test("a moved gateway is deleted for the one node, and comes with its peers to the other")
    func moved() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        let peers = [
            try await fixture.peer(of: gateway).peer.id,
            try await fixture.peer(of: gateway).peer.id,
        ]
        let node = try await fixture.connectedNode("edge").node
        let feeds = (
            here: fixture.controlPlane.nodeFeed, there: fixture.controlPlane.nodeFeed(of: node.id)
        )
        let start = try await feeds.here.snapshot().revision
        _ = try await fixture.move(gateway, to: node.id)
        #expect(try await feeds.here.summaries(after: start) == ["gateway- \(gateway.id)"])
        #expect(
            try await feeds.there.summaries(after: start)
                == ["gateway+ \(gateway.id)"] + peers.sorted().map { "peer+ \($0)" }
        )
        let later = try await feeds.here.snapshot().revision
        try await feeds.there.report(gateways: [
            GatewayReport(id: gateway.id, status: .provisioned, reason: nil)
        ])
        #expect(try await feeds.here.summaries(after: later) == [], "it is no business of that one")
        _ = try await fixture.move(gateway, to: gateway.nodeID)
        #expect(
            try await feeds.here.summaries(after: start).first == "gateway+ \(gateway.id)",
            "it is back, as if it had never been away"
        )
    }

    @Test("what a node says of another node's gateways and peers is passed over")
    func foreign() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        let peer = try await fixture.peer(of: gateway).peer
        let node = try await fixture.connectedNode("edge").node
        let feed = fixture.controlPlane.nodeFeed(of: node.id)
        try await feed.report(gateways: [
            GatewayReport(id: gateway.id, status: .provisioned, reason: "wrong")
        ])
        try await feed.report(peers: [
            PeerReport(
                id: peer.id,
                lastSeen: nil,
                latestHandshakeAt: nil,
                endpoint: nil,
                rxBytesAdded: 5,
                txBytesAdded: 5
            )
        ])
        let shown = try await fixture.controlPlane.showGateway(gateway.id, by: fixture.caller)
        #expect(shown.statusReason == nil && shown.activity.rxBytes == 0)
    }

    @Test("gateways of two nodes have the same range to the outside, and of one node never")
    func ranges() async throws {
        let pool = try IPv4Prefix("100.64.0.0/23")
        let fixture = try await ServiceFixture { $0.egressPool = pool }
        _ = try await fixture.privateService("sip", ["192.0.2.0/24"])
        let network = try await fixture.network()
        let node = try await fixture.connectedNode("edge").node
        let here = try await fixture.embeddedNode().id
        var ranges: [NodeID: [String]] = [:]
        for id in [here, node.id, here, node.id] {
            let gateway = try await fixture.gateway(in: network) {
                $0.nodeID = .value(id)
                $0.enablesSIPTrunking = .value(true)
            }
            let found = try await fixture.controlPlane.showGateway(gateway.id, by: fixture.caller)
            ranges[id, default: []].append(found.egressRange.map { "\($0)" } ?? "none")
        }
        for taken in ranges.values {
            #expect(taken.sorted() == ["100.64.0.0/24", "100.64.1.0/24"])
        }
    }
}

extension NodeFeed {
    fileprivate func summaries(after revision: Int64) async throws -> [String] {
        try #require(try await changes(after: revision)).changes.map(\.summary)
    }
}
