import GatewayDomain
import GatewayService
import GatewayStore
import NodeProtocol
import ServiceTestSupport
import Testing

struct OverviewTests {
    @Test("an overview of an empty organization says how to make the first peer")
    func empty() async throws {
        let fixture = try await ServiceFixture()
        let overview = try await fixture.controlPlane.overview(by: fixture.caller)
        #expect(overview.peers == .init(total: 0, connected: 0, neverConnected: 0))
        #expect(overview.remarks.map(\.code) == [.noPeers])
        #expect(overview.remarks[0].command == "wgw peer create laptop")
    }

    @Test("an overview counts peers by their latest handshakes, and names those never heard")
    func counts() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.servedGateway()
        var peers: [Peer] = []
        for number in 0..<14 {
            peers.append(
                try await fixture.peer(of: gateway) { $0.name = .value("p\(number)") }.peer
            )
        }
        let now = fixture.clock.now()
        try await fixture.heard(peers[0], at: now)
        try await fixture.heard(peers[1], at: now.advanced(bySeconds: -179))
        try await fixture.heard(peers[2], at: now.advanced(bySeconds: -180))
        let overview = try await fixture.controlPlane.overview(by: fixture.caller)
        #expect(overview.gateways == .init(total: 1, provisioned: 1))
        #expect(overview.peers == .init(total: 14, connected: 2, neverConnected: 11))
        let remark = try #require(overview.remarks.first)
        #expect(overview.remarks.count == 1)
        #expect(remark.code == .neverConnected && remark.count == 11)
        #expect(
            remark.message == """
                More than 10 peers have never connected: p3, p4, p5, p6, p7, p8, p9, p10, p11, p12 and others.
                """
        )
    }

    @Test("an overview tells a gateway out of service, one never reached, and a silent one apart")
    func gateways() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let waiting = try await fixture.gateway(in: network)
        let unreached = try await fixture.gateway(in: network)
        let incomplete = try await fixture.gateway(in: network)
        _ = try await fixture.peer(of: unreached)
        try await fixture.controlPlane.nodeFeed.report(gateways: [
            GatewayReport(id: waiting.id, status: .provisioning, reason: "port 5000 is taken"),
            GatewayReport(id: unreached.id, status: .provisioned, reason: nil),
            GatewayReport(id: incomplete.id, status: .provisioned, reason: "peer x is damaged"),
        ])
        let remarks = try await fixture.controlPlane.overview(by: fixture.caller).remarks
        #expect(
            remarks.map(\.code) == [.gatewayNotProvisioned, .gatewayIncomplete, .noDatagram]
        )
        #expect(remarks[0].message.hasSuffix(" is not in service: port 5000 is taken."))
        #expect(remarks[1].message.hasSuffix(": peer x is damaged."))
        #expect(remarks[2].nextStep.contains("UDP port \(unreached.endpoint.port)"))
    }

    @Test("a gateway that refused a datagram is reached, so that an overview asks for no open port")
    func refused() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: try await fixture.network())
        let peer = try await fixture.peer(of: gateway).peer
        let feed = fixture.controlPlane.nodeFeed
        try await feed.report(
            gateways: [GatewayReport(id: gateway.id, status: .provisioned, reason: nil)]
        )
        feed.report(trouble: TroubleReport(drops: [gateway.id: 1]))
        let remarks = try await fixture.controlPlane.overview(by: fixture.caller).remarks
        #expect(remarks.map(\.code) == [.neverConnected])
        #expect(remarks[0].message.contains("though datagrams reach its UDP port"))
        let diagnosis = try await fixture.controlPlane.diagnosePeer(peer.id, by: fixture.caller)
        #expect(diagnosis.findings.map(\.code) == [.neverConnected])
    }

    @Test("what an overview and a diagnosis both say has one word")
    func words() {
        let words = Set(RemarkCode.allCases.map(\.rawValue))
        #expect(
            words.intersection(Finding.Code.allCases.map(\.rawValue)) == [
                "gateway_not_provisioned", "no_way_out", "no_datagram", "never_connected",
                "config_outdated", "node_away", "node_connecting", "link_not_up", "service_missing",
                "internet_without_services", "quota_used_up", "rate_exceeded",
                "connected_peers_exceeded",
            ]
        )
    }

    @Test("an overview names the peers whose config file is out of date")
    func outdated() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.servedGateway()
        let peer = try await fixture.peer(of: gateway) { $0.name = .value("laptop") }.peer
        try await fixture.heard(peer, at: fixture.clock.now())
        let render = {
            try await fixture.controlPlane.readPeerTunnel(
                peer.id,
                fullTunnel: false,
                by: fixture.caller
            )
        }
        _ = try await render()
        #expect(try await fixture.controlPlane.overview(by: fixture.caller).remarks == [])
        let change = PeerChange()
        _ = try await fixture.controlPlane.perform(.updatePeer(peer.id, change), by: fixture.caller)
        let remarks = try await fixture.controlPlane.overview(by: fixture.caller).remarks
        #expect(remarks.map(\.code) == [.configOutdated])
        #expect(remarks[0].message == "One peer has a config file that is out of date: laptop.")
        _ = try await render()
        #expect(try await fixture.controlPlane.overview(by: fixture.caller).remarks == [])
    }

    @Test("an overview of one organization counts nothing of another")
    func scope() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.servedGateway()
        _ = try await fixture.peer(of: gateway)
        let stranger = try await fixture.controlPlane.overview(by: try await fixture.stranger())
        #expect(stranger.gateways.total == 0 && stranger.peers.total == 0)
        #expect(stranger.remarks.map(\.code) == [.noPeers])
    }
}

extension ServiceFixture {
    /// A gateway in service that peers reach.
    fileprivate func servedGateway() async throws -> Gateway {
        let gateway = try await gateway(in: try await network())
        try await controlPlane.nodeFeed.report(gateways: [
            GatewayReport(id: gateway.id, status: .provisioned, reason: nil)
        ])
        let activity = GatewayActivity(rxBytes: 148)
        try await store.write { db in try NodeTables.addActivity(activity, of: gateway.id, db) }
        return gateway
    }

    fileprivate func heard(_ peer: Peer, at time: Timestamp) async throws {
        let activity = PeerActivity(latestHandshakeAt: time)
        _ = try await store.write { db in
            try NodeTables.addActivity(
                activity,
                of: peer.id,
                on: try #require(try Nodes.embedded(db)),
                db
            )
        }
    }
}
