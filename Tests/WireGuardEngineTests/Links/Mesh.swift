import NetAddress
import Testing
import TunnelTestSupport
import WireGuardCrypto

@testable import WireGuardEngine

/// Gateways of one network on nodes of their own, with a link between each two of them and a client at each. Region n has
/// the subnet 10.0.n.0/24.
struct Mesh {
    static let lanes = 2

    /// One end of a link.
    struct End {
        let choice = PathChoice()
        var lanes: [NextHopGroup.Lane] = []
    }

    let simulation: Simulation
    let nodes: [SimulatedNode]
    let clients: [SimulatedNode]
    /// By node, and by the node at the other end; nil for the node itself.
    private(set) var ends: [[End?]]

    init(
        regions: Int = 3,
        seed: UInt64 = 1,
        linkMTU: Int = 1420,
        workers: Int = 1
    ) throws {
        let simulation = Simulation(seed: seed)
        self.simulation = simulation
        nodes = try (0..<regions).map { region in
            try SimulatedNode(
                endpoint: try #require(Endpoint("192.0.2.\(region + 1):5000")),
                addresses: ["10.0.\(region).1/24"],
                delivery: .router,
                random: simulation.random,
                workers: workers
            )
        }
        clients = try nodes.enumerated().map { region, node in
            let client = try SimulatedNode(
                endpoint: try #require(Endpoint("198.51.100.\(region + 1):40000")),
                addresses: ["10.0.\(region).2/32"],
                delivery: .host,
                random: simulation.random
            )
            try client.add(
                node.publicKey,
                allowed: ["0.0.0.0/0"],
                endpoint: node.endpoint,
                at: simulation.moment
            )
            try node.add(client.publicKey, allowed: ["10.0.\(region).2/32"], at: simulation.moment)
            return client
        }
        ends = Array(repeating: Array(repeating: nil, count: regions), count: regions)
        for node in nodes + clients { simulation.add(node) }
        for one in 0..<regions {
            for other in one + 1..<regions { try link(one, other, mtu: linkMTU) }
        }
        for (region, node) in nodes.enumerated() {
            node.link(
                ends[region].enumerated().map { remote, end in
                    end.map { NextHopGroup(to: UInt32(remote), lanes: $0.lanes, choice: $0.choice) }
                }
            )
            for remote in 0..<regions where remote != region {
                try node.addRoute("10.0.\(remote).0/24", to: .link(UInt32(remote)))
            }
        }
    }

    /// All links and all clients have sessions.
    func connect() {
        simulation.run(for: .seconds(2))
        for (region, client) in clients.enumerated() {
            simulation.send(
                Packets.echo(from: "10.0.\(region).2", to: "10.0.\(region).1"),
                from: client
            )
        }
        simulation.settle()
        for client in clients { client.received.removeAll() }
        simulation.forgetLog()
    }

    private mutating func link(_ one: Int, _ other: Int, mtu: Int) throws {
        let source = simulation.random.source
        var (here, there) = (End(), End())
        for lane in 0..<Self.lanes {
            let keys = (0..<2).map { _ in
                X25519.generatePrivateKey(filledBy: source.callAsFunction)
            }
            here.lanes.append(
                try end(
                    of: lane,
                    at: one,
                    toward: other,
                    keys[0],
                    X25519.publicKey(of: keys[1]),
                    mtu
                )
            )
            there.lanes.append(
                try end(
                    of: lane,
                    at: other,
                    toward: one,
                    keys[1],
                    X25519.publicKey(of: keys[0]),
                    mtu
                )
            )
        }
        (ends[one][other], ends[other][one]) = (here, there)
    }

    private func end(
        of lane: Int,
        at region: Int,
        toward remote: Int,
        _ key: SecretKey,
        _ remoteKey: PublicKey,
        _ mtu: Int
    ) throws -> NextHopGroup.Lane {
        let gateway = try nodes[region].addLane(
            lane,
            endpoint: try Self.endpoint(of: lane, at: region, toward: remote),
            privateKey: key,
            addresses: ["10.0.\(region).1/24"],
            mtu: mtu
        )
        let peer = try nodes[region].add(
            remoteKey,
            allowed: [],
            endpoint: try Self.endpoint(of: lane, at: remote, toward: region),
            on: gateway,
            probe: ProbePath(
                source: try #require(IPv4Address("10.0.\(region).1")),
                destination: try #require(IPv4Address("10.0.\(remote).1"))
            ),
            at: simulation.moment
        )
        return NextHopGroup.Lane(gateway: gateway, peer: peer)
    }

    private static func endpoint(of lane: Int, at region: Int, toward remote: Int) throws
        -> Endpoint
    {
        try #require(Endpoint("192.0.2.\(region + 1):\(6000 + 10 * remote + lane)"))
    }
}

// What tests do with it

extension Mesh {
    /// Of a node that sends or receives.
    static func region(_ endpoint: Endpoint) -> Int? {
        guard case .v4(let address) = endpoint.address, address.bits >> 8 == 0xc0_0002 else {
            return nil
        }
        return Int(address.bits & 0xff) - 1
    }

    /// Which link between nodes a datagram takes; nil for one of a client.
    static func hop(_ datagram: Datagram) -> (from: Int, to: Int)? {
        guard let from = region(datagram.from), let to = region(datagram.to) else { return nil }
        return (from, to)
    }

    /// Nothing passes between these two nodes any more.
    func cut(_ one: Int, _ other: Int) {
        simulation.passes = { datagram in
            guard let hop = Self.hop(datagram) else { return true }
            return Set([hop.from, hop.to]) != [one, other]
        }
    }

    func heal() { simulation.passes = { _ in true } }

    func take(_ path: PathChoice.Path, at region: Int, toward remote: Int) {
        ends[region][remote]?.choice.take(path)
    }

    /// Sends from the client of one region; gives what all clients receive, by region.
    func received(_ packets: [UInt8]..., from region: Int) -> [[[UInt8]]] {
        for client in clients { client.received.removeAll() }
        for packet in packets { simulation.send(packet, from: clients[region]) }
        simulation.settle()
        return clients.map(\.received)
    }

    /// A packet from one client to another.
    static func packet(_ from: Int, _ to: Int, hopLimit: UInt8 = 64, _ text: String = "x")
        -> [UInt8]
    {
        Packets.udp(from: "10.0.\(from).2", to: "10.0.\(to).2", text, hopLimit: hopLimit)
    }

    func probes(at region: Int, toward remote: Int) -> [ProbeReport] {
        (ends[region][remote]?.lanes ?? []).compactMap { nodes[region].report($0.peer)?.probes }
    }

    /// Drops on all lanes of one end.
    func drops(_ reason: DropReason, at region: Int, toward remote: Int) -> UInt64 {
        (ends[region][remote]?.lanes ?? []).reduce(0) {
            $0 + nodes[region].drops(reason, of: $1.gateway)
        }
    }
}
