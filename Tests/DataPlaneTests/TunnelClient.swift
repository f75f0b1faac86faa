import CLinux
import Glibc
import NetAddress
import SystemIO
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
    private var turn = Turn(at: BootClock.moment)

    init(_ text: String, hub key: PublicKey, at port: UInt16) throws {
        let gateway = TestSocket.gateway
        let secret = SecretKey.random()
        let table = NetworkView(routes: [
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
        turn.moment = BootClock.moment
        packet.withUnsafeBytes { bytes in
            _ = engine.send(bytes, from: TestSocket.gateway, in: &turn)
        }
    }

    /// Lets the packets of all `send`s since the last one leave.
    mutating func flush() {
        wire.send(turn.outgoing.messages, turn.outgoing.slices)
        turn.outgoing.clear()
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
            guard let run = wire.buffers.run(index) else { continue }
            turn.moment = BootClock.moment
            engine.receive(DatagramRun(run, on: TestSocket.gateway), in: &turn)
            for delivery in engine.deliveries { packets.append([UInt8](delivery.packet)) }
            flush()
        }
        return packets
    }

    /// Until the hub has answered the handshake.
    mutating func connect() -> Bool {
        turn.moment = BootClock.moment
        engine.initiateHandshake(with: Self.hub, in: &turn)
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
    /// The one that a data plane makes first.
    static let gateway = GatewayHandle.number(0)
    private static let gatewayID = DesiredGateway.ID(0)

    init(workers: Int = 1) async throws {
        let secret = SecretKey.random()
        plane = try DataPlane(workers: workers)
        key = X25519.publicKey(of: secret)
        let gateway = DesiredGateway(
            id: Self.gatewayID,
            networkID: .init(0),
            configuration: .test("10.9.0.1/24", key: secret),
            listen: .loopback
        )
        guard let port = await plane.reconcile([.gateway(gateway)]).opened[Self.gatewayID] else {
            throw SystemError.stopped
        }
        self.port = port
    }

    /// More clients, whose slots are in their order.
    func admit(_ clients: [(key: PublicKey, address: IPv4Address)]) async {
        _ = await plane.reconcile(
            clients.map { client in
                .peer(
                    DesiredPeer(
                        id: .init(client.key),
                        gatewayID: Self.gatewayID,
                        configuration: PeerConfiguration(publicKey: client.key),
                        prefixes: [IPPrefix(.v4(client.address))]
                    )
                )
            }
        )
    }
}
