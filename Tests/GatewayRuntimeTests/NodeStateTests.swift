import DataPlane
import GatewayDomain
import NetAddress
import NodeProtocol
import SystemIO
import Testing
import WireGuardCrypto
import WireGuardEngine

@testable import GatewayRuntime

@Suite("The node knows what it should carry and how its gateways stand")
struct NodeStateTests {
    private let network = NetworkID.random()

    private func key(_ number: UInt8) -> SecretKey {
        SecretKey { bytes in
            bytes[0] = number
            X25519.clamp(bytes)
        }
    }

    private func gateway(
        _ number: UInt8,
        in network: NetworkID? = nil,
        id: GatewayID = .random(),
        name: String? = nil,
        mtu: Int = 1420,
        egress: EgressProvision? = nil
    ) throws -> GatewayProvision {
        GatewayProvision(
            id: id,
            networkID: network ?? self.network,
            name: name,
            privateKey: key(number),
            port: 5000 + UInt16(number),
            serverAddress: try InterfaceAddress("10.0.\(number).1/24"),
            subnet: try IPv4Prefix("10.0.\(number).0/24"),
            mtu: mtu,
            egress: egress,
            standing: GatewayStanding(status: .provisioning, reason: nil)
        )
    }

    @Test("a gateway with a way out that the node does not make says so, and carries its peers")
    func egress() throws {
        var state = NodeState()
        let egress = EgressProvision(
            mappedRange: try IPv4Prefix("100.64.0.0/24"),
            services: [],
            hasInternet: true
        )
        let id = GatewayID.random()
        let provision = try gateway(1, id: id, egress: egress)
        _ = state.take([.gatewayPut(provision)])
        state.note(opened(provision))
        let standing = try #require(state.takeReports().first?.standing)
        #expect(standing.status == .provisioning && standing.lacksEgress)
        #expect(standing.reason?.contains("no way out") == true)
        _ = state.take([.gatewayPut(try gateway(1, id: id))])
        let later = try #require(state.takeReports().first?.standing)
        #expect(later == GatewayStanding(status: .provisioned, reason: nil))
    }

    private func peer(
        _ address: String,
        on gateway: GatewayProvision,
        id: PeerID = .random(),
        networks: [String] = [],
        endpoint: Endpoint? = nil,
        seen: Timestamp? = nil
    ) throws -> PeerProvision {
        PeerProvision(
            id: id,
            gatewayID: gateway.id,
            publicKey: X25519.publicKey(of: key(UInt8.random(in: 100...200))),
            presharedKey: nil,
            address: try #require(IPv4Address(address)),
            allowedIPs: try networks.map { try IPPrefix($0) },
            lastEndpoint: endpoint,
            lastSeen: seen
        )
    }

    private func opened(_ gateways: GatewayProvision...) -> Reconciliation {
        var outcome = Reconciliation()
        for gateway in gateways { outcome.opened[DesiredID(gateway.id)] = gateway.port }
        return outcome
    }

    /// The changes, each as a word and the id that it concerns.
    private func words(_ changes: [DesiredChange]) -> [String] {
        changes.map { change in
            switch change {
            case .gateway(let gateway): "gateway \(GatewayID(gateway.id))"
            case .noGateway(let id): "no gateway \(GatewayID(id))"
            case .peer(let peer): "peer \(PeerID(peer.id))"
            case .noPeer(let id): "no peer \(PeerID(id))"
            case .link, .noLink: "a link"
            }
        }
    }

    @Test("the node asks the data plane for what is stored, in the data plane's words")
    func desiredWords() throws {
        let address = IPAddress("192.0.2.1")
        var state = NodeState(bindAddress: address)
        let hub = try gateway(1, mtu: 1280)
        let seen = Timestamp(microseconds: 5)
        let client = try peer(
            "10.0.1.2",
            on: hub,
            networks: ["192.168.1.0/24", "2001:db8::/64"],
            endpoint: Endpoint("198.51.100.7:7"),
            seen: seen
        )
        let changes = state.take([.gatewayPut(hub), .peerPut(client)])
        guard case .gateway(let gateway) = changes.first, case .peer(let peer) = changes.last else {
            Issue.record("the node asks for \(words(changes))")
            return
        }
        #expect(GatewayID(gateway.id) == hub.id && NetworkID(gateway.networkID) == network)
        #expect(gateway.listen == ListenAddress(address: address, port: 5001))
        #expect(gateway.configuration.addresses == [hub.serverAddress])
        #expect(gateway.configuration.mtu == 1280)
        #expect(PeerID(peer.id) == client.id && peer.gatewayID == gateway.id)
        #expect(peer.configuration.publicKey == client.publicKey)
        #expect(peer.configuration.endpoint == nil, "where a peer was heard does not move it")
        #expect(peer.lastHeard?.endpoint == Endpoint("198.51.100.7:7"))
        #expect(peer.lastHeard?.time == WallTime(nanoseconds: 5_000))
        #expect(
            peer.prefixes.map { "\($0)" }
                == ["10.0.1.2/32", "192.168.1.0/24", "2001:db8::/64"]
        )
    }

    @Test("ids of the store come back from the data plane as they were")
    func identifiers() {
        for _ in 0..<20 {
            let id = PeerID.random()
            #expect(PeerID(DesiredPeer.ID(id)) == id)
        }
    }

    @Test("a snapshot is the whole that is desired, without what cannot be read")
    func snapshot() throws {
        var state = NodeState()
        let (one, two) = (try gateway(1), try gateway(2))
        let client = try peer("10.0.1.2", on: one)
        _ = state.take([.gatewayPut(one), .gatewayPut(two)])
        state.note(opened(one, two))
        #expect(Set(state.openGateways.keys) == [one.id, two.id])
        let whole = state.take(NodeSnapshot(revision: 9, gateways: [one], peers: [client]))
        #expect(whole.gateways.map { GatewayID($0.id) } == [one.id])
        #expect(whole.peers.map { PeerID($0.id) } == [client.id])
        #expect(Set(state.openGateways.keys) == [one.id])
    }

    @Test("the node leaves out what it cannot carry, says why, and carries the rest")
    func leftOut() throws {
        var state = NodeState()
        let one = try gateway(1)
        let (client, damaged) = (try peer("10.0.1.2", on: one), try peer("10.0.1.3", on: one))
        let other = GatewayID.random()
        let changes = state.take([
            .gatewayPut(one), .gatewayLeftOut(other, reason: "no key"), .peerPut(client),
            .peerLeftOut(damaged.id, of: one.id, reason: "no preshared key"),
        ])
        #expect(
            words(changes)
                == ["gateway \(one.id)", "peer \(client.id)", "no peer \(damaged.id)"]
        )
        #expect(state.standing(of: one.id) == nil, "it is to be opened")
        state.note(opened(one))
        let reports = state.takeReports()
        #expect(reports.map(\.id) == [one.id, other].sorted())
        #expect(
            state.standing(of: other)
                == GatewayStanding(status: .provisioning, reason: "no key")
        )
        #expect(
            state.standing(of: one.id)
                == GatewayStanding(status: .provisioned, reason: "no preshared key")
        )
        #expect(state.takeReports().isEmpty, "each is reported once")
    }

    @Test("a peer that was mended or deleted is no longer a reason in its gateway's status")
    func leftOutNoLonger() throws {
        var state = NodeState()
        let one = try gateway(1)
        let (first, second) = (try peer("10.0.1.2", on: one), try peer("10.0.1.3", on: one))
        _ = state.take([
            .gatewayPut(one), .peerLeftOut(first.id, of: one.id, reason: "why"),
            .peerLeftOut(second.id, of: one.id, reason: "why"),
        ])
        state.note(opened(one))
        #expect(state.takeReports().map(\.standing.reason) == ["why (and 1 more)"])
        _ = state.take([.peerPut(first)])
        #expect(state.takeReports().map(\.standing.reason) == ["why"])
        _ = state.take([.peerDeleted(second.id)])
        #expect(
            state.takeReports().map(\.standing)
                == [GatewayStanding(status: .provisioned, reason: nil)]
        )
    }

    @Test("a gateway that cannot be opened says why once, and that it is provisioned later")
    func failing() throws {
        var state = NodeState()
        let one = try gateway(1)
        _ = state.take([.gatewayPut(one)])
        var failed = Reconciliation()
        failed.unopened[DesiredID(one.id)] = .portBusy(5001)
        state.note(failed)
        let reason = "\(SystemError.portBusy(5001))"
        #expect(state.takeReports().map(\.standing.reason) == [reason])
        state.note(failed)
        #expect(state.takeReports().isEmpty)
        state.note(opened(one))
        #expect(state.takeReports().map(\.standing.status) == [.provisioned])
    }

    @Test("a gateway that stands as it is stored is not reported")
    func standsAsStored() throws {
        var state = NodeState()
        var one = try gateway(1)
        one = GatewayProvision(
            id: one.id,
            networkID: one.networkID,
            privateKey: one.privateKey,
            port: one.port,
            serverAddress: one.serverAddress,
            subnet: one.subnet,
            mtu: one.mtu,
            standing: GatewayStanding(status: .provisioned, reason: nil)
        )
        _ = state.take([.gatewayPut(one)])
        state.note(opened(one))
        #expect(state.takeReports().isEmpty)
    }

    @Test("a gateway that was left out and is not in a snapshot any more has no standing")
    func leftOutAndGone() throws {
        var state = NodeState()
        let damaged = GatewayID.random()
        _ = state.take([.gatewayLeftOut(damaged, reason: "no key")])
        #expect(state.takeReports().count == 1)
        _ = state.take(NodeSnapshot(revision: 2, gateways: [], peers: []))
        #expect(state.standing(of: damaged) == nil)
        #expect(state.takeReports().isEmpty)
        _ = state.take([.gatewayLeftOut(damaged, reason: "no key")])
        #expect(state.takeReports().count == 1, "it is told anew")
    }

    @Test("the node takes out a peer whose row is damaged under way, and keeps such a gateway")
    func damagedWhileCarried() throws {
        var state = NodeState()
        let one = try gateway(1)
        let client = try peer("10.0.1.2", on: one)
        _ = state.take([.gatewayPut(one), .peerPut(client)])
        state.note(opened(one))
        let changes = state.take([
            .gatewayLeftOut(one.id, reason: "no key"),
            .peerLeftOut(client.id, of: one.id, reason: "why"),
        ])
        #expect(words(changes) == ["no peer \(client.id)"])
        #expect(state.standing(of: one.id)?.status == .provisioned)
        var snapshot = NodeSnapshot(revision: 2, gateways: [], peers: [])
        snapshot.leftOut = [.gatewayLeftOut(one.id, reason: "no key")]
        #expect(state.take(snapshot).gateways.map { GatewayID($0.id) } == [one.id])
    }

    @Test("an open gateway has the name that it has now")
    func names() throws {
        var state = NodeState()
        let id = GatewayID.random()
        let one = try gateway(1, id: id, name: "old")
        _ = state.take([.gatewayPut(one)])
        #expect(state.openGateways.isEmpty, "it is not open yet")
        state.note(opened(one))
        #expect(state.openGateways == [id: "old"])
        _ = state.take([.gatewayPut(try gateway(1, id: id, name: "new"))])
        #expect(state.openGateways == [id: "new"])
        _ = state.take([.gatewayDeleted(id)])
        #expect(state.openGateways.isEmpty)
    }

    private func wayOut(_ range: String?, internet: Bool = false) throws -> EgressProvision {
        EgressProvision(
            mappedRange: try range.map { try IPv4Prefix($0) },
            services: [
                .init(
                    prefix: try IPv4Prefix("203.0.113.0/24"),
                    transport: .udp,
                    ports: try ["5060", "10000-20000"].map { try #require(PortRange($0)) }
                )
            ],
            reserved: internet ? [try IPv4Prefix("203.0.113.0/24")] : [],
            hasInternet: internet
        )
    }

    @Test("a gateway leads out while the node has a way out, and otherwise says why it does not")
    func leadingOut() throws {
        let pool = try IPv4Prefix("100.64.0.0/10")
        var state = NodeState(egressPool: pool)
        let hub = try gateway(1, egress: wayOut("100.64.7.0/24", internet: true))
        guard case .gateway(let closed) = state.take([.gatewayPut(hub)]).first else {
            Issue.record("the gateway is not asked for")
            return
        }
        #expect(closed.egress == nil)
        state.note(opened(hub))
        #expect(state.note(.closed(reason: "no right")).isEmpty)
        #expect(state.takeReports().map(\.standing) == [.lackingEgress(because: "no right")])

        guard case .gateway(let open) = state.note(.open(obstacle: nil)).first else {
            Issue.record("the way out changes nothing")
            return
        }
        let egress = try #require(open.egress)
        #expect(egress.mappedRange == (try IPv4Prefix("100.64.7.0/24")))
        #expect(egress.subnet == hub.subnet && egress.internet)
        let service = try IPv4Prefix("203.0.113.0/24")
        #expect(egress.excluded == [.v4(pool), .v4(service)])
        #expect(egress.services.map(\.ports) == [5060...5060, 10_000...20_000])
        #expect(egress.services.allSatisfy { $0.transportProtocol == 17 })
        #expect(state.takeReports().map(\.standing.status) == [.provisioned])

        #expect(state.note(.open(obstacle: "Docker drops it")).isEmpty)
        #expect(
            state.takeReports().map(\.standing) == [.lackingEgress(because: "Docker drops it")]
        )
        guard case .gateway(let shut) = state.note(.closed(reason: "gone")).first else {
            Issue.record("the end of the way out changes nothing")
            return
        }
        #expect(shut.egress == nil)
    }

    @Test(
        "a node without a way to the internet is in the way of gateways that lead there, and of no others"
    )
    func noDefaultRoute() throws {
        var state = NodeState(egressPool: try IPv4Prefix("100.64.0.0/10"))
        let (exit, other) = (
            try gateway(1, egress: wayOut("100.64.7.0/24", internet: true)),
            try gateway(2, egress: wayOut("100.64.8.0/24"))
        )
        _ = state.take([.gatewayPut(exit), .gatewayPut(other)])
        state.note(opened(exit, other))
        _ = state.note(.open(obstacle: nil, internetObstacle: "no default route"))
        #expect(state.standing(of: exit.id) == .lackingEgress(because: "no default route"))
        #expect(state.standing(of: other.id)?.status == .provisioned)
        _ = state.note(.open(obstacle: "Docker", internetObstacle: "no default route"))
        #expect(state.standing(of: exit.id) == .lackingEgress(because: "Docker"))
    }

    @Test("what is stored otherwise than it was told is told again")
    func toldAgain() throws {
        var state = NodeState(egressPool: try IPv4Prefix("100.64.0.0/10"))
        let hub = try gateway(1, egress: wayOut("100.64.7.0/24"))
        _ = state.take([.gatewayPut(hub)])
        state.note(opened(hub))
        _ = state.note(.open(obstacle: nil))
        #expect(state.takeReports().map(\.standing.status) == [.provisioned])
        // The control plane awaits the node's word after a change of the ways out.
        _ = state.take([.gatewayPut(hub)])
        #expect(state.takeReports().map(\.standing.status) == [.provisioned])
        #expect(state.takeReports().isEmpty)
    }

    @Test("a gateway without a range of the pool leads nowhere, and others do")
    func noRange() throws {
        var state = NodeState(egressPool: try IPv4Prefix("100.64.0.0/24"))
        let (full, other) = (
            try gateway(1, egress: wayOut(nil)), try gateway(2, egress: wayOut("100.64.0.0/24"))
        )
        _ = state.take([.gatewayPut(full), .gatewayPut(other)])
        state.note(opened(full, other))
        #expect(state.egressDemand?.mapped == [try IPv4Prefix("100.64.0.0/24")])
        _ = state.note(.open(obstacle: nil))
        #expect(state.standing(of: full.id)?.lacksEgress == true)
        #expect(state.standing(of: other.id)?.status == .provisioned)
    }

    @Test(
        "what the node's kernel is asked for is what all its gateways need together, while any does"
    )
    func demand() throws {
        var state = NodeState(egressPool: try IPv4Prefix("100.64.0.0/10"))
        let (one, two) = (
            try gateway(1, mtu: 1280, egress: wayOut("100.64.2.0/24")),
            try gateway(2, egress: wayOut("100.64.1.0/24", internet: true))
        )
        _ = state.take([.gatewayPut(try gateway(3))])
        #expect(state.egressDemand == nil)
        _ = state.take([.gatewayPut(one), .gatewayPut(two)])
        let demand = try #require(state.egressDemand)
        #expect(demand.mapped.map(\.description) == ["100.64.1.0/24", "100.64.2.0/24"])
        #expect(demand.services.map(\.description) == ["203.0.113.0/24"])
        #expect(demand.hasInternet && demand.mtu == 1420)
        _ = state.take([.gatewayDeleted(two.id)])
        #expect(state.egressDemand?.hasInternet == false)
        _ = state.take([.gatewayPut(try gateway(1, id: one.id))])
        #expect(state.egressDemand == nil)
    }

    private func link(
        of gateway: GatewayProvision,
        id: BackboneLinkID = .random(),
        wayOut: LinkProvision.WayOut? = nil,
        remoteWayOut: LinkProvision.WayOut? = nil
    ) throws -> LinkProvision {
        LinkProvision(
            id: id,
            networkID: network,
            gatewayID: gateway.id,
            remoteNodeID: .random(),
            remoteGatewayID: .random(),
            remoteAddress: .v4(try #require(IPv4Address("10.0.9.1"))),
            remoteSubnet: try IPv4Prefix("10.0.9.0/24"),
            remotePrefixes: [],
            mtu: 1400,
            wayOut: wayOut,
            remoteWayOut: remoteWayOut,
            lanes: [
                LinkProvision.Lane(
                    privateKey: key(8),
                    port: 6000,
                    remotePublicKey: X25519.publicKey(of: key(9)),
                    remoteEndpoint: PublicEndpoint(host: try #require(PublicHost("a.b")), port: 1)
                )
            ]
        )
    }

    private func distant(_ range: String?) throws -> LinkProvision.WayOut {
        LinkProvision.WayOut(
            services: try wayOut(nil).services,
            mappedRange: try range.map { try IPv4Prefix($0) }
        )
    }

    private func desired(_ changes: [DesiredChange]) -> DesiredLink? {
        changes.compactMap { if case .link(let link) = $0 { link } else { nil } }.last
    }

    @Test(
        "what leaves here of another node's peers is asked of the kernel, and let out while it gives that"
    )
    func remoteWayOut() throws {
        var state = NodeState(egressPool: try IPv4Prefix("100.64.0.0/10"))
        let hub = try gateway(1)
        let link = try link(of: hub, remoteWayOut: distant("100.64.9.0/24"))
        let before = state.take([.gatewayPut(hub), .linkPut(link)])
        #expect(try #require(desired(before)).egress == nil)
        let demand = try #require(state.egressDemand)
        #expect(demand.mapped == [try IPv4Prefix("100.64.9.0/24")])
        #expect(demand.services == [try IPv4Prefix("203.0.113.0/24")] && demand.mtu == 1400)
        let opened = try #require(desired(state.note(.open(obstacle: nil))))
        let egress = try #require(opened.egress)
        #expect(egress.subnet == (try IPv4Prefix("10.0.9.0/24")))
        #expect(egress.mappedRange == (try IPv4Prefix("100.64.9.0/24")))
        #expect(egress.services.map(\.ports) == [5060...5060, 10_000...20_000])
        #expect(try #require(desired(state.note(.closed(reason: "gone")))).egress == nil)
        _ = state.take([.linkDeleted(link.id)])
        #expect(state.egressDemand == nil)
    }

    @Test(
        "a gateway leads out over a link without a way out of its own node, and says where the other has no room"
    )
    func ownWayOut() throws {
        var state = NodeState(egressPool: try IPv4Prefix("100.64.0.0/10"))
        let (hub, id) = (try gateway(1), BackboneLinkID.random())
        let changes = state.take([
            .gatewayPut(hub), .linkPut(try link(of: hub, id: id, wayOut: distant("100.64.9.0/24"))),
        ])
        state.note(opened(hub))
        let wayOut = try #require(desired(changes)?.wayOut)
        #expect(wayOut.gatewayID == DesiredID(hub.id) && wayOut.subnet == hub.subnet)
        #expect(wayOut.services.count == 2)
        #expect(state.egressDemand == nil)
        #expect(state.takeReports().map(\.standing.status) == [.provisioned])
        let full = state.take([.linkPut(try link(of: hub, id: id, wayOut: distant(nil)))])
        #expect(desired(full)?.wayOut == nil && desired(full) != nil)
        #expect(state.takeReports().map(\.standing.lacksEgress) == [true])
    }
}
