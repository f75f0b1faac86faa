import DataPlaneTestSupport
import NetAddress
import SystemIO
import TestSupport
import Testing
import WireGuardCrypto

@testable import DataPlane
@testable import WireGuardEngine

@Suite("Steps and whole states lead to the same")
struct ReconcilePropertyTests {
    @Test(
        "random states, given step by step, as wholes and to fresh workers, are carried alike, and what did not change is not touched",
        arguments: 0..<40 as Range<UInt64>
    )
    func random(seed: UInt64) async throws {
        var world = RandomWorld(seed: seed)
        let (stepwise, whole) = (NotedWorkers(), NotedWorkers())
        for round in 0..<60 {
            let before = world.state
            let changes = try world.step()
            let kept = before.undisturbed(in: world.state).filter {
                !$0.isTaken(by: changes, before)
            }
            let handles = [stepwise, whole].map { workers in kept.map { workers.handle(of: $0) } }

            _ = await stepwise.reconcile(changes)
            _ = await whole.reconcile(to: world.state)
            for (workers, handles) in zip([stepwise, whole], handles) {
                #expect(kept.map { workers.handle(of: $0) } == handles, "round \(round)")
                let words = workers.takeWords().filter { word in
                    ["install", "remove", "relocate"].contains { word.hasPrefix($0) }
                }
                for case let handle? in handles {
                    let word = " \(handle.slot).\(handle.generation)"
                    #expect(!words.contains { $0.hasSuffix(word) || $0.contains(word + " ") })
                }
            }
            let fresh = NotedWorkers()
            _ = await fresh.reconcile(to: world.state)
            let expected = Carried(fresh)
            #expect(Carried(stepwise) == expected, "round \(round)")
            #expect(Carried(whole) == expected, "round \(round)")
            try #require(stepwise.faults == [])
            try #require(whole.faults == [])
        }
    }
}

/// What workers carry, by ids, without what depends on the past.
private struct Carried: Equatable {
    private struct Gateway: Equatable {
        let port: UInt16
        let addresses: [InterfaceAddress]
        let mtu: Int
        /// Without what of it is reached over links.
        let egress: EgressConfiguration?
        let overLinks: [String]
        let routes: [String]
        let links: [String]
    }

    private struct Peer: Equatable {
        let gateway: DesiredGateway.ID?
        let publicKey: PublicKey
        let presharedKey: SecretKey?
        let keepalive: UInt16
    }

    private var gateways: [DesiredGateway.ID: Gateway] = [:]
    private var peers: [DesiredPeer.ID: Peer] = [:]
    /// Installed and known by no id.
    private var strays = 0

    init(_ workers: NotedWorkers) {
        for (handle, gateway) in workers.picture.gateways {
            guard let id = workers.gateway(of: handle) else {
                strays += 1
                continue
            }
            var egress = gateway.view.egress(of: handle)?.configuration
            var overLinks = (egress?.distant ?? []).map {
                "\($0.permission.prefix) link \(workers.link($0.link, of: id))"
            }
            if let link = egress?.distantInternet {
                overLinks.append("internet link \(workers.link(link, of: id))")
            }
            egress?.distant = []
            egress?.distantInternet = nil
            gateways[id] = Gateway(
                port: gateway.port,
                addresses: gateway.addresses,
                mtu: gateway.mtu,
                egress: egress,
                overLinks: overLinks.sorted(),
                routes: gateway.view.list.map { prefix, destination in
                    switch destination {
                    case .peer(let handle): "\(prefix) peer \(name(workers.peer(of: handle)?.id))"
                    case .gateway(let handle): "\(prefix) \(name(workers.gateway(of: handle)))"
                    case .link(let index): "\(prefix) link \(workers.link(index, of: id))"
                    }
                },
                links: workers.links(in: gateway.view, of: id)
            )
        }
        for (handle, peer) in workers.picture.peers {
            guard let id = workers.peer(of: handle)?.id else {
                strays += 1
                continue
            }
            peers[id] = Peer(
                gateway: workers.gateway(of: peer.gateway),
                publicKey: peer.configuration.publicKey,
                presharedKey: peer.configuration.presharedKey,
                keepalive: peer.configuration.persistentKeepalive
            )
        }
    }
}

extension NotedWorkers {
    /// The id of the link with this index in a gateway's network.
    fileprivate func link(_ index: UInt32, of id: DesiredGateway.ID) -> String {
        withCarried { carried in
            let network = carried.gateways[id].flatMap { carried.networks[$0.desired.networkID] }
            return name(network?.links.byIndex[index])
        }
    }

    /// The lanes of the next-hop groups, and which groups lead to one gateway.
    fileprivate func links(in view: NetworkView, of id: DesiredGateway.ID) -> [String] {
        view.groups.enumerated().compactMap { index, group in
            guard let group else { return nil }
            let lanes = group.lanes.map { lane -> String in
                guard let lane, peer(of: lane.peer) != nil else { return "none" }
                return gateway(of: lane.gateway).map { $0.withBytes { "\($0[0]).\($0[24])" } }
                    ?? "unknown"
            }
            let alike = view.groups.indices.filter { view.groups[$0]?.remote == group.remote }
                .map { link(UInt32($0), of: id) }.sorted()
            return "\(link(UInt32(index), of: id)) of \(alike) \(lanes)"
        }.sorted()
    }
}

private func name<Object>(_ id: DesiredID<Object>?) -> String {
    id.map { $0.withBytes { "\($0[0])" } } ?? "unknown"
}

/// A few objects that come, change and go; their prefixes overlap.
private struct RandomWorld {
    private var gateways: [DesiredGateway.ID: DesiredGateway] = [:]
    private var peers: [DesiredPeer.ID: DesiredPeer] = [:]
    private var links: [DesiredLink.ID: DesiredLink] = [:]
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    var state: DesiredState {
        DesiredState(
            gateways: Array(gateways.values),
            peers: Array(peers.values),
            links: Array(links.values)
        )
    }

    mutating func step() throws -> [DesiredChange] {
        try (0..<Int.random(in: 0...5, using: &random)).map { _ in try change() }
    }

    private mutating func change() throws -> DesiredChange {
        switch Int.random(in: 0..<13, using: &random) {
        case 0:
            let id = DesiredGateway.ID(number(5))
            gateways[id] = nil
            peers = peers.filter { $0.value.gatewayID != id }
            return .noGateway(id)
        case 1, 2:
            let gateway = try gateway()
            gateways[gateway.id] = gateway
            return .gateway(gateway)
        case 3:
            let id = DesiredPeer.ID(number(12))
            peers[id] = nil
            return .noPeer(id)
        case 10:
            let id = DesiredLink.ID(number(4))
            links[id] = nil
            return .noLink(id)
        case 11, 12:
            let link = try link()
            links[link.id] = link
            return .link(link)
        default:
            let peer = try peer()
            peers[peer.id] = peer
            return .peer(peer)
        }
    }

    private mutating func number(_ count: UInt64) -> UInt64 {
        UInt64.random(in: 0..<count, using: &random)
    }

    private mutating func gateway() throws -> DesiredGateway {
        let id = number(5)
        return DesiredGateway(
            id: .init(id),
            networkID: .init(number(5) == 0 ? 2 : id % 2),
            configuration: GatewayConfiguration(
                privateKey: .numbered(UInt8(8 * (1 + number(5) / 4))),
                addresses: [try InterfaceAddress("10.0.0.\(number(3))/24")],
                mtu: number(2) == 0 ? 1280 : 1420
            ),
            egress: try egress(of: id),
            listen: ListenAddress(port: UInt16(5000 + 2 * id + number(5) / 4))
        )
    }

    private mutating func link() throws -> DesiredLink {
        let id = number(4)
        let lanes = (0..<1 + number(3)).map { lane in
            DesiredLink.Lane(
                privateKey: .numbered(UInt8(8 * (1 + number(5) / 4))),
                listen: ListenAddress(port: UInt16(6000 + 10 * id + 2 * lane + number(5) / 4)),
                remoteKey: .numbered(UInt8(60 + 4 * id + lane)),
                presharedKey: number(4) == 0 ? .numbered(8) : nil,
                endpoint: Endpoint("192.0.2.7:7")
            )
        }
        return DesiredLink(
            id: .init(id),
            networkID: .init(number(5) == 0 ? 2 : id % 2),
            remoteNodeID: .init(100 + number(2)),
            addresses: [try InterfaceAddress("10.0.0.\(number(3))/24")],
            remoteAddress: IPv4Address("10.0.1.1"),
            subnets: [try IPPrefix("10.0.\(1 + id / 2).0/24")],
            prefixes: try (0..<number(3)).map { _ in try IPPrefix("10.0.0.\(number(8))") },
            mtu: number(2) == 0 ? 1280 : 1420,
            egress: try egress(of: 10 + id),
            wayOut: try wayOut(),
            lanes: lanes
        )
    }

    private mutating func wayOut() throws -> DesiredLink.WayOut? {
        guard number(2) == 0 else { return nil }
        return DesiredLink.WayOut(
            of: .init(number(5)),
            subnet: try IPv4Prefix("10.0.0.0/24"),
            services: [EgressPermission(try IPPrefix("203.0.\(number(3)).0/24"))],
            internet: number(3) == 0,
            excluded: [try IPPrefix("203.0.\(number(3)).0/24")]
        )
    }

    private mutating func egress(of id: UInt64) throws -> EgressConfiguration? {
        guard number(3) == 0 else { return nil }
        return EgressConfiguration(
            subnet: try IPv4Prefix("10.0.0.0/24"),
            mappedRange: try IPv4Prefix("100.64.\(2 * id + number(2)).0/24"),
            internet: number(2) == 0
        )
    }

    private mutating func peer() throws -> DesiredPeer {
        let id = number(12)
        return DesiredPeer(
            id: .init(id),
            gatewayID: .init(number(4) == 0 ? number(5) : id % 5),
            configuration: PeerConfiguration(
                publicKey: .numbered(UInt8(id + 20 * (number(5) / 4))),
                presharedKey: number(4) == 0 ? .numbered(8) : nil,
                persistentKeepalive: number(4) == 0 ? 25 : 0
            ),
            prefixes: try (0..<number(4)).map { _ in
                number(3) == 0
                    ? try IPPrefix("10.0.0.\(2 * number(4))/31")
                    : try IPPrefix("10.0.0.\(number(8))")
            }
        )
    }
}

extension DesiredPeer.ID {
    /// Whether the changes remove the peer, only to add it again, or change it to and fro.
    fileprivate func isTaken(by changes: [DesiredChange], _ before: DesiredState) -> Bool {
        let gateway = before.peers.first { $0.id == self }?.gatewayID
        let puts = changes.filter { change in
            switch change {
            case .peer(let peer): peer.id == self
            case .gateway(let other): other.id == gateway
            default: false
            }
        }
        return puts.count > 1
            || changes.contains { change in
                switch change {
                case .noPeer(let id): id == self
                case .noGateway(let id): id == gateway
                default: false
                }
            }
    }
}

extension DesiredState {
    /// Peers that are the same in a next state, on a gateway that is the same.
    fileprivate func undisturbed(in next: DesiredState) -> [DesiredPeer.ID] {
        let nextPeers = Dictionary(next.peers.map { ($0.id, $0) }) { $1 }
        let nextGateways = Dictionary(next.gateways.map { ($0.id, $0) }) { $1 }
        let gateways = Dictionary(gateways.map { ($0.id, $0) }) { $1 }
        return peers.filter { peer in
            guard let gateway = gateways[peer.gatewayID], let same = nextGateways[gateway.id],
                let nextPeer = nextPeers[peer.id]
            else { return false }
            return peer.isSame(as: nextPeer) && gateway.networkID == same.networkID
                && gateway.listen == same.listen
                && gateway.configuration.privateKey == same.configuration.privateKey
        }.map(\.id).sorted()
    }
}
