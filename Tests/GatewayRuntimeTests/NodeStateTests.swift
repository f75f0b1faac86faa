import DataPlane
import GatewayDomain
import GatewayService
import Glibc
import NetAddress
import Testing
import WireGuardCrypto
import WireGuardEngine

@testable import GatewayRuntime

@Suite("The node plans how to get from what it carries to what it should carry")
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
        mtu: Int = 1420
    ) throws -> GatewayProvision {
        GatewayProvision(
            id: id,
            networkID: network ?? self.network,
            privateKey: key(number),
            port: 5000 + UInt16(number),
            serverAddress: try InterfaceAddress("10.0.\(number).1/24"),
            subnet: try IPv4Prefix("10.0.\(number).0/24"),
            mtu: mtu,
            standing: GatewayStanding(status: .provisioning, reason: nil)
        )
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

    /// What a plan changes, in words that a test can compare.
    private func words(_ steps: [NodeState.Step]) -> [String] {
        steps.flatMap { step -> [String] in
            switch step {
            case .openGateway(_, let handle, let provision, _):
                return ["open \(handle.slot)/\(handle.generation) port \(provision.port)"]
            case .closeGateway(let handle, _):
                return ["close \(handle.slot)/\(handle.generation)"]
            case .change(let changes, _):
                return changes.map { change in
                    switch change {
                    case .reconfigureGateway(let gateway, _, _): "reconfigure \(gateway.slot)"
                    case .installPeer(let peer, let gateway, _):
                        "install \(peer.slot)/\(peer.generation) on \(gateway.slot)"
                    case .removePeer(let peer): "remove \(peer.slot)/\(peer.generation)"
                    case .relocatePeer(let peer, let endpoint): "\(peer.slot) is at \(endpoint)"
                    case .publish(_, let gateways): "publish to \(gateways.map(\.slot))"
                    case .initiateHandshake(let peer): "call \(peer.slot)"
                    }
                }
            }
        }
    }

    private func lastTable(_ steps: [NodeState.Step]) -> ForwardingTable? {
        steps.reversed().lazy.compactMap { step -> ForwardingTable? in
            guard case .change(let changes, _) = step else { return nil }
            return changes.lazy.compactMap { change -> ForwardingTable? in
                guard case .publish(let table, _) = change else { return nil }
                return table
            }.first
        }.first
    }

    @Test("the node installs peers when their gateway is open, together with its routes")
    func peersWaitForTheirGateway() throws {
        var state = NodeState()
        let hub = try gateway(1)
        let plan = state.apply([.gatewayPut(hub), .peerPut(try peer("10.0.1.2", on: hub))])
        #expect(words(plan.steps) == ["open 0/1 port 5001"])
        #expect(plan.arrived.count == 1)

        let opened = state.opened(hub.id)
        #expect(words(opened) == ["install 0/1 on 0", "publish to [0]"])
        let table = try #require(lastTable(opened))
        #expect(
            table.destination(of: try #require(IPAddress("10.0.1.2")))
                == .peer(PeerHandle(slot: 0, generation: 1))
        )
        #expect(
            table.destination(of: try #require(IPAddress("10.0.1.1")))
                == .gateway(GatewayHandle(slot: 0, generation: 1))
        )
    }

    @Test("the node that takes the same changes twice plans nothing the second time")
    func takingTwice() throws {
        var state = NodeState()
        let hub = try gateway(1)
        let client = try peer("10.0.1.2", on: hub)
        _ = state.apply([.gatewayPut(hub)])
        _ = state.opened(hub.id)
        _ = state.apply([.peerPut(client)])
        let again = state.apply([.gatewayPut(hub), .peerPut(client)])
        // Installing a peer that is there, with the same keys, is no change for the engine.
        #expect(words(again.steps) == ["install 0/1 on 0", "publish to [0]"])
        #expect(again.arrived.isEmpty)
        #expect(state.opened(hub.id).isEmpty)
    }

    @Test("the node gives an open gateway another MTU in place, and opens a closed one with it")
    func anotherMTU() throws {
        var state = NodeState()
        let (open, waiting) = (try gateway(1), try gateway(2))
        _ = state.apply([.gatewayPut(open), .gatewayPut(waiting)])
        _ = state.opened(open.id)
        let plan = state.apply([
            .gatewayPut(try gateway(1, id: open.id, mtu: 1280)),
            .gatewayPut(try gateway(2, id: waiting.id, mtu: 1300)),
        ])
        #expect(words(plan.steps) == ["reconfigure 0"])
        guard case .openGateway(_, _, let provision, _) = state.openStep(of: waiting.id) else {
            Issue.record("the waiting gateway is not to be opened")
            return
        }
        #expect(provision.mtu == 1300)
        #expect(state.apply([.gatewayPut(try gateway(1, id: open.id, mtu: 1280))]).steps.isEmpty)
    }

    @Test(
        "the node routes the networks behind a peer to it, of either family, and follows their change"
    )
    func networksBehindPeers() throws {
        var state = NodeState()
        let hub = try gateway(1)
        let id = PeerID.random()
        _ = state.apply([.gatewayPut(hub)])
        _ = state.opened(hub.id)
        func destinations(_ plan: NodeState.Plan) throws -> [Destination?] {
            let table = try #require(lastTable(plan.steps))
            return try ["10.0.1.2", "192.168.1.9", "2001:db8::9", "172.16.0.1"].map { text in
                table.destination(of: try #require(IPAddress(text)))
            }
        }
        let networks = ["192.168.1.0/24", "2001:db8::/64"]
        let here = Destination.peer(PeerHandle(slot: 0, generation: 1))
        let put = state.apply([
            .peerPut(try peer("10.0.1.2", on: hub, id: id, networks: networks))
        ])
        #expect(try destinations(put) == [here, here, here, nil])
        let changed = state.apply([
            .peerPut(try peer("10.0.1.3", on: hub, id: id, networks: ["172.16.0.0/12"]))
        ])
        #expect(try destinations(changed) == [nil, nil, nil, here])
        #expect(try destinations(state.apply([.peerDeleted(id)])) == [nil, nil, nil, nil])
    }

    @Test(
        "the node lets a network pass from one peer to another, whichever of them changed last",
        arguments: [true, false]
    )
    func passingNetwork(giverIsFirst: Bool) throws {
        var state = NodeState()
        let hub = try gateway(1)
        let (giver, taker) = (PeerID.random(), PeerID.random())
        let networks = ["192.168.1.0/24"]
        _ = state.apply([.gatewayPut(hub)])
        _ = state.opened(hub.id)
        _ = state.apply([
            .peerPut(try peer("10.0.1.2", on: hub, id: giver, networks: networks)),
            .peerPut(try peer("10.0.1.3", on: hub, id: taker)),
        ])
        let changes: [NodeChange] = [
            .peerPut(try peer("10.0.1.2", on: hub, id: giver)),
            .peerPut(try peer("10.0.1.3", on: hub, id: taker, networks: networks)),
        ]
        let plan = state.apply(giverIsFirst ? changes : changes.reversed())
        let table = try #require(lastTable(plan.steps))
        #expect(
            table.destination(of: try #require(IPAddress("192.168.1.1")))
                == .peer(PeerHandle(slot: 1, generation: 1))
        )
    }

    @Test("the node removes a deleted peer and its route, and its slot gets another generation")
    func deletedPeer() throws {
        var state = NodeState()
        let hub = try gateway(1)
        let first = try peer("10.0.1.2", on: hub)
        _ = state.apply([.gatewayPut(hub)])
        _ = state.opened(hub.id)
        _ = state.apply([.peerPut(first)])
        let plan = state.apply([.peerDeleted(first.id)])
        #expect(words(plan.steps) == ["remove 0/1", "publish to [0]"])
        #expect(plan.departed == [PeerHandle(slot: 0, generation: 1)])
        let table = try #require(lastTable(plan.steps))
        #expect(table.destination(of: try #require(IPAddress("10.0.1.2"))) == nil)

        let next = state.apply([.peerPut(try peer("10.0.1.3", on: hub))])
        #expect(words(next.steps) == ["install 0/2 on 0", "publish to [0]"])
    }

    @Test("the node does not use a slot again in the batch of changes that frees it")
    func slotsRest() throws {
        var state = NodeState()
        let hub = try gateway(1)
        let first = try peer("10.0.1.2", on: hub)
        _ = state.apply([.gatewayPut(hub)])
        _ = state.opened(hub.id)
        _ = state.apply([.peerPut(first)])
        let plan = state.apply([
            .peerDeleted(first.id), .peerPut(try peer("10.0.1.3", on: hub)),
        ])
        #expect(words(plan.steps) == ["remove 0/1", "install 1/1 on 0", "publish to [0]"])
    }

    @Test("the node routes an address that moves to another peer in one batch to the new one")
    func movedAddress() throws {
        var state = NodeState()
        let hub = try gateway(1)
        let first = try peer("10.0.1.2", on: hub)
        _ = state.apply([.gatewayPut(hub)])
        _ = state.opened(hub.id)
        _ = state.apply([.peerPut(first)])
        let plan = state.apply([
            .peerDeleted(first.id), .peerPut(try peer("10.0.1.2", on: hub)),
        ])
        let table = try #require(lastTable(plan.steps))
        #expect(
            table.destination(of: try #require(IPAddress("10.0.1.2")))
                == .peer(PeerHandle(slot: 1, generation: 1))
        )
    }

    @Test("the node closes a deleted gateway and takes its routes out of its network's table")
    func deletedGateway() throws {
        var state = NodeState()
        let (one, two) = (try gateway(1), try gateway(2))
        _ = state.apply([.gatewayPut(one), .gatewayPut(two)])
        _ = state.opened(one.id)
        _ = state.opened(two.id)
        _ = state.apply([.peerPut(try peer("10.0.1.2", on: one))])
        let plan = state.apply([.gatewayDeleted(one.id)])
        #expect(words(plan.steps) == ["remove 0/1", "publish to [1]", "close 0/1"])
        let table = try #require(lastTable(plan.steps))
        #expect(table.destination(of: try #require(IPAddress("10.0.1.1"))) == nil)
        #expect(table.destination(of: try #require(IPAddress("10.0.1.2"))) == nil)
        #expect(table.destination(of: try #require(IPAddress("10.0.2.1"))) != nil)
    }

    @Test("the node gives gateways of one network one worker and one table, and networks their own")
    func placement() throws {
        var state = NodeState()
        let (one, two) = (try gateway(1), try gateway(2))
        let other = try gateway(1, in: .random())
        let plan = state.apply([.gatewayPut(one), .gatewayPut(two), .gatewayPut(other)])
        let placements = plan.steps.compactMap { step -> UInt32? in
            guard case .openGateway(_, _, _, let placement) = step else { return nil }
            return placement
        }
        #expect(placements == [0, 0, 1])
        _ = state.opened(one.id)
        #expect(words(state.opened(two.id)).last == "publish to [0, 1]")
        #expect(words(state.opened(other.id)) == ["publish to [2]"])
    }

    @Test("the node removes what a snapshot does not name")
    func snapshot() throws {
        var state = NodeState()
        let (one, two) = (try gateway(1), try gateway(2, in: .random()))
        let client = try peer("10.0.1.2", on: one)
        _ = state.apply([.gatewayPut(one), .gatewayPut(two), .peerPut(client)])
        _ = state.opened(one.id)
        _ = state.opened(two.id)
        let plan = state.apply(NodeSnapshot(revision: 9, gateways: [one], peers: []))
        #expect(words(plan.steps) == ["remove 0/1", "publish to [0]", "close 1/1"])
    }

    @Test("the node leaves out what it cannot carry, says why, and carries the rest")
    func leftOut() throws {
        var state = NodeState()
        let one = try gateway(1)
        let (client, damaged) = (try peer("10.0.1.2", on: one), try peer("10.0.1.3", on: one))
        let other = GatewayID.random()
        let plan = state.apply([
            .gatewayPut(one), .gatewayLeftOut(other, reason: "no key"), .peerPut(client),
            .peerLeftOut(damaged.id, of: one.id, reason: "no preshared key"),
        ])
        #expect(words(plan.steps) == ["open 0/1 port 5001"])
        #expect(plan.restated == [one.id, other])
        #expect(
            state.standing(of: other)
                == GatewayStanding(status: .provisioning, reason: "no key")
        )
        #expect(state.standing(of: one.id) == nil, "it is to be opened")
        #expect(words(state.opened(one.id)) == ["install 0/1 on 0", "publish to [0]"])
        #expect(
            state.standing(of: one.id)
                == GatewayStanding(status: .provisioned, reason: "no preshared key")
        )
    }

    @Test("a peer that was mended or deleted is no longer a reason in its gateway's status")
    func leftOutNoLonger() throws {
        var state = NodeState()
        let one = try gateway(1)
        let (first, second) = (try peer("10.0.1.2", on: one), try peer("10.0.1.3", on: one))
        _ = state.apply([
            .gatewayPut(one), .peerLeftOut(first.id, of: one.id, reason: "why"),
            .peerLeftOut(second.id, of: one.id, reason: "why"),
        ])
        _ = state.opened(one.id)
        #expect(state.standing(of: one.id)?.reason == "why (and 1 more)")
        let mended = state.apply([.peerPut(first)])
        #expect(mended.restated == [one.id])
        #expect(state.standing(of: one.id)?.reason == "why")
        #expect(state.apply([.peerDeleted(second.id)]).restated == [one.id])
        #expect(
            state.standing(of: one.id) == GatewayStanding(status: .provisioned, reason: nil)
        )
    }

    @Test("the node restates a gateway that was left out and is not in a snapshot any more")
    func leftOutAndGone() throws {
        var state = NodeState()
        let damaged = GatewayID.random()
        _ = state.apply([.gatewayLeftOut(damaged, reason: "no key")])
        let plan = state.apply(NodeSnapshot(revision: 2, gateways: [], peers: []))
        #expect(plan.restated == [damaged])
        #expect(state.standing(of: damaged) == nil)
    }

    @Test("the node takes out a peer whose row is damaged under way, and keeps such a gateway")
    func damagedWhileCarried() throws {
        var state = NodeState()
        let one = try gateway(1)
        let client = try peer("10.0.1.2", on: one)
        _ = state.apply([.gatewayPut(one), .peerPut(client)])
        _ = state.opened(one.id)
        let plan = state.apply([
            .gatewayLeftOut(one.id, reason: "no key"),
            .peerLeftOut(client.id, of: one.id, reason: "why"),
        ])
        #expect(words(plan.steps) == ["remove 0/1", "publish to [0]"])
        #expect(state.standing(of: one.id)?.status == .provisioned)
    }

    @Test(
        "the node calls the peers of a gateway that it opens, if their place is known and not old"
    )
    func recentPeers() throws {
        var state = NodeState()
        let hub = try gateway(1)
        let endpoint = try #require(Endpoint("192.0.2.7:4000"))
        let recent = try peer(
            "10.0.1.2",
            on: hub,
            endpoint: endpoint,
            seen: Timestamp(microseconds: 2_000)
        )
        let old = try peer(
            "10.0.1.3",
            on: hub,
            endpoint: endpoint,
            seen: Timestamp(microseconds: 1_000)
        )
        let unknown = try peer("10.0.1.4", on: hub, seen: Timestamp(microseconds: 2_000))
        let given = try peer("10.0.1.5", on: hub, endpoint: endpoint)
        _ = state.apply([
            .gatewayPut(hub), .peerPut(recent), .peerPut(old), .peerPut(unknown), .peerPut(given),
        ])
        let since = Timestamp(microseconds: 2_000)
        #expect(state.callable(of: hub.id, heardSince: since) == nil)
        _ = state.opened(hub.id)
        let found = try #require(state.callable(of: hub.id, heardSince: since))
        #expect(found.peers.map(\.slot).sorted() == [0, 3])
        #expect(found.placement == 0)
    }

    @Test("a gateway's many peers cost the node no more each than a few")
    func manyPeers() throws {
        func cost(of count: Int) throws -> Duration {
            var state = NodeState()
            let gateway = try gateway(1)
            let template = try peer("10.0.1.2", on: gateway)
            let peers = (0..<count).map { number in
                PeerProvision(
                    id: .random(),
                    gatewayID: gateway.id,
                    publicKey: template.publicKey,
                    presharedKey: nil,
                    address: IPv4Address(bits: 0x0a00_0000 + UInt32(number)),
                    lastEndpoint: nil,
                    lastSeen: nil
                )
            }
            let snapshot = NodeSnapshot(revision: 1, gateways: [gateway], peers: peers)
            let start = Self.processorTime
            #expect(state.apply(snapshot).steps.count == 1)
            let steps = state.opened(gateway.id)
            #expect(words(steps).count == count + 1)
            return Self.processorTime - start
        }
        let few = try cost(of: 2_000)
        let many = try cost(of: 40_000)
        #expect(many < few * 100, "\(few) and \(many): twenty times as many should take that")
    }

    /// Of this thread: what others do meanwhile is not in it.
    private static var processorTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
