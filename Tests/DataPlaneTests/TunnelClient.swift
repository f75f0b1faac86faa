import CLinux
import Glibc
import NetAddress
import TunnelTestSupport
import WireGuardCrypto

@testable import DataPlane
@testable import WireGuardEngine

/// A peer as a user has one: an engine with one gateway, whose only peer is the hub, driven by the
/// test's own thread over a real socket.
struct TunnelClient: ~Copyable {
    let address: IPv4Address
    let publicKey: PublicKey
    private static let hub = PeerHandle(slot: 0, generation: 1)
    private var wire: TestSocket
    private var engine = Engine(random: SystemRandom.source)
    private var outgoing = OutgoingBatch()

    init(_ text: String, hub key: PublicKey, at port: UInt16) throws {
        let gateway = TestSocket.gateway
        let secret = SecretKey.random()
        let table = ForwardingTable(routes: [
            (try IPPrefix("0.0.0.0/0"), .peer(Self.hub)),
            (try IPPrefix(text), .gateway(gateway)),
        ])
        guard let address = IPv4Address(text) else { preconditionFailure("no address") }
        wire = try TestSocket()
        self.address = address
        publicKey = X25519.publicKey(of: secret)

        engine.installGateway(gateway, .test("\(text)/24", key: secret, localDelivery: .host))
        engine.installPeer(
            Self.hub,
            on: gateway,
            PeerConfiguration(publicKey: key, endpoint: loopback(port).remote),
            at: BootClock.moment
        )
        engine.publish(table, to: [gateway])
    }

    mutating func send(_ packet: [UInt8]) {
        packet.withUnsafeBytes { bytes in
            _ = engine.send(
                bytes,
                from: TestSocket.gateway,
                at: BootClock.moment,
                into: &outgoing
            )
        }
    }

    /// Lets the packets of all `send`s since the last one leave.
    mutating func flush() {
        wire.send(outgoing.messages, outgoing.slices)
        outgoing.clear()
    }

    /// Waits until `count` packets arrived through the tunnel; fewer when no more ever come.
    mutating func receive(_ count: Int) -> [[UInt8]] {
        var packets: [[UInt8]] = []
        while packets.count < count, wire.socket.awaitReadable() { packets += pump() }
        return packets
    }

    /// Takes what has come and answers what needs an answer.
    mutating func pump() -> [[UInt8]] {
        var packets: [[UInt8]] = []
        for index in 0..<Int(max(wire.buffers.receive(from: wire.socket), 0)) {
            guard let run = wire.buffers.run(index, on: TestSocket.gateway) else { continue }
            engine.receive(run, at: BootClock.moment, into: &outgoing)
            for delivery in engine.deliveries { packets.append([UInt8](delivery.packet)) }
            flush()
        }
        return packets
    }

    /// Until the hub has answered the handshake.
    mutating func connect() -> Bool {
        engine.initiateHandshake(with: Self.hub, at: BootClock.moment, into: &outgoing)
        flush()
        while engine.report(of: Self.hub)?.latestHandshake == nil {
            guard wire.socket.awaitReadable() else { return false }
            _ = pump()
        }
        return true
    }
}

/// A hub gateway in a data plane with one worker, and what its clients must know.
struct Hub {
    let plane: DataPlane
    let key: PublicKey
    let port: UInt16
    static let gateway = GatewayHandle.number(0)

    init(workers: Int = 1) async throws {
        let secret = SecretKey.random()
        plane = try DataPlane(workers: workers)
        key = X25519.publicKey(of: secret)
        port = try await plane.open(Self.gateway, .test("10.9.0.1/24", key: secret))
    }

    /// The clients in the order of their slots.
    func admit(_ clients: [(key: PublicKey, address: IPv4Address)]) async throws {
        var routes = [
            (prefix: try IPPrefix("10.9.0.1"), destination: Destination.gateway(Self.gateway))
        ]
        var changes: [DataPlaneChange] = []
        for (slot, client) in clients.enumerated() {
            let peer = PeerHandle(slot: UInt32(slot), generation: 1)
            let configuration = PeerConfiguration(publicKey: client.key)
            changes.append(.installPeer(peer, on: Self.gateway, configuration))
            routes.append((try IPPrefix("\(client.address)"), .peer(peer)))
        }
        changes.append(.publish(ForwardingTable(routes: routes), to: [Self.gateway]))
        await plane.apply(changes)
    }
}
