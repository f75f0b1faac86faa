import NetAddress
import Testing
import TunnelTestSupport
import WireGuardCrypto

@testable import WireGuardEngine

/// Two hosts, A and B, that know each other's keys and endpoints.
struct Pair {
    let simulation: Simulation
    let a: SimulatedNode
    let b: SimulatedNode
    /// B in A's engine.
    let toB: PeerHandle
    /// A in B's engine.
    let toA: PeerHandle

    static let addressA = "10.0.0.1"
    static let addressB = "10.0.0.2"

    init(
        seed: UInt64 = 1,
        keepaliveOfA: UInt16 = 0,
        keepaliveOfB: UInt16 = 0,
        bKnowsEndpoint: Bool = true,
        presharedKey: SecretKey? = nil
    ) throws {
        simulation = Simulation(seed: seed)
        a = try SimulatedNode(
            endpoint: try #require(Endpoint("192.0.2.1:1001")),
            addresses: ["\(Self.addressA)/32", "fd00::1/128"],
            delivery: .host,
            random: simulation.random
        )
        b = try SimulatedNode(
            endpoint: try #require(Endpoint("192.0.2.2:1002")),
            addresses: ["\(Self.addressB)/32", "fd00::2/128"],
            delivery: .host,
            random: simulation.random
        )
        toB = try a.add(
            b.publicKey,
            allowed: ["\(Self.addressB)/32", "fd00::2/128"],
            endpoint: b.endpoint,
            presharedKey: presharedKey,
            keepalive: keepaliveOfA,
            at: simulation.moment
        )
        toA = try b.add(
            a.publicKey,
            allowed: ["\(Self.addressA)/32", "fd00::1/128"],
            endpoint: bKnowsEndpoint ? a.endpoint : nil,
            presharedKey: presharedKey,
            keepalive: keepaliveOfB,
            at: simulation.moment
        )
        simulation.add(a)
        simulation.add(b)
    }

    static func fromA(_ text: String) -> [UInt8] {
        Packets.udp(from: addressA, to: addressB, text)
    }

    static func fromB(_ text: String) -> [UInt8] {
        Packets.udp(from: addressB, to: addressA, text)
    }

    func sendFromA(_ text: String = "from A") { simulation.send(Self.fromA(text), from: a) }

    func sendFromB(_ text: String = "from B") { simulation.send(Self.fromB(text), from: b) }

    /// A starts a handshake; both have the session a moment later.
    func connect() {
        sendFromA("connect")
        simulation.settle()
        forget()
    }

    /// What was received and logged so far does not count.
    func forget() {
        a.received.removeAll()
        b.received.removeAll()
        simulation.forgetLog()
    }

    func isFromA(_ datagram: Datagram) -> Bool { datagram.from == a.endpoint }
    func isFromB(_ datagram: Datagram) -> Bool { datagram.from == b.endpoint }

    func initiationsOfA() -> [Interval] {
        simulation.times { isFromA($0) && $0.kind == .initiation }
    }

    func initiationsOfB() -> [Interval] {
        simulation.times { isFromB($0) && $0.kind == .initiation }
    }

    /// What B received, as text.
    var textsAtB: [String] { b.received.map(Packets.payload) }
    var textsAtA: [String] { a.received.map(Packets.payload) }
}

extension SimulatedNode {
    func record(_ peer: PeerHandle) throws -> PeerPointer {
        let found = engine.peers.find(peer)
        return try #require(found)
    }

    /// The session that sends to this peer.
    func session(_ peer: PeerHandle) throws -> SessionPointer {
        let current = try record(peer).pointee.currentSession
        return try #require(current)
    }
}

extension Interval {
    /// For readable tolerances.
    var seconds: Double { Double(nanoseconds) / 1e9 }
}
