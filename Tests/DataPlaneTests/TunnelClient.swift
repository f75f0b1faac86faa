import CLinux
import Glibc
import NetAddress
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

enum InnerIPv4 {
    /// A UDP packet without checksum, of `count` payload bytes.
    static func udp(
        from source: IPv4Address,
        to destination: IPv4Address,
        _ payload: [UInt8]
    ) -> [UInt8] {
        let udp = big(4_000) + big(5_000) + big(8 + payload.count) + big(0)
        return packet(protocol: 17, from: source, to: destination, udp + payload)
    }

    static func echoRequest(
        from source: IPv4Address,
        to destination: IPv4Address,
        sequence: Int
    ) -> [UInt8] {
        var message: [UInt8] = [8, 0, 0, 0] + big(77) + big(sequence) + Array("hello".utf8) + [0]
        message.replaceSubrange(2..<4, with: big(checksum(message)))
        return packet(protocol: 1, from: source, to: destination, message)
    }

    static func checksum(_ bytes: [UInt8]) -> Int {
        var sum = 0
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            sum += Int(bytes[index]) << 8 | Int(bytes[index + 1])
        }
        while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
        return ~sum & 0xffff
    }

    private static func packet(
        protocol number: UInt8,
        from source: IPv4Address,
        to destination: IPv4Address,
        _ payload: [UInt8]
    ) -> [UInt8] {
        var header: [UInt8] = [0x45, 0] + big(20 + payload.count) + [0, 0, 0, 0, 64, number, 0, 0]
        header += big(Int(source.bits >> 16)) + big(Int(source.bits & 0xffff))
        header += big(Int(destination.bits >> 16)) + big(Int(destination.bits & 0xffff))
        header.replaceSubrange(10..<12, with: big(checksum(header)))
        return header + payload
    }

    private static func big(_ value: Int) -> [UInt8] {
        [UInt8(value >> 8), UInt8(value & 0xff)]
    }
}
