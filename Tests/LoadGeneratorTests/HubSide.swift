import DataPlane
import NetAddress
import SystemIO
import WireGuardCrypto

@testable import LoadGenerator
@testable import WireGuardEngine

/// Two pairs of peers with sessions, the sink that listens for them, and the keys of the hub, so
/// that a test can send what a hub would send, or should not.
final class HubSide {
    let probe: ProbePacket
    let streams: Streams
    let departures = Departures()
    var sessions: PeerSessions
    var sink: Sink
    private let keys: [Sealing]
    private var counters = [UInt64](repeating: 0, count: 4)

    /// - Parameter sent: how many packets have left on every stream.
    init(size: Int = 200, verifyEvery: Int = 1, bothWays: Bool = false, sent: UInt64 = 1 << 20) {
        probe = ProbePacket(size: size)
        let peers = (2...5).map {
            BenchDirectory.Peer(
                privateKey: SecretKey { _ in },
                address: IPv4Address(bits: 0x0a00_0000 + $0)
            )
        }
        streams = Streams(peers: peers, bothWays: bothWays, probe: probe)
        for number in 0..<streams.count { streams[number].pointee.nextSequence = sent }
        sessions = PeerSessions(count: peers.count, firstIndex: .max - 1)
        var keys: [Sealing] = []
        for number in peers.indices {
            let key = SecretKey { $0.storeBytes(of: UInt8(number), as: UInt8.self) }
            keys.append(Sealing(key))
            sessions.insert(
                TransportKeys(sending: SecretKey { _ in }, receiving: key, remoteIndex: 9),
                for: number
            )
        }
        self.keys = keys
        sink = Sink(verifyEvery: verifyEvery)
    }

    /// A packet of a stream as a hub forwards it: to the stream's receiver, with the hub's next
    /// counter to it, after `change`, which sees the inner packet.
    func forwarded(
        _ sequence: UInt64,
        stream: Int = 0,
        to receiver: Int? = nil,
        counter: UInt64? = nil,
        change: (UnsafeMutablePointer<UInt8>) -> Void = { _ in }
    ) -> [UInt8] {
        let length = TransportMessage.paddedLength(probe.size)
        let peer = receiver ?? streams[stream].pointee.receiver
        return sealed(length, to: peer, counter: counter) { packet in
            probe.write(
                to: packet,
                header: streams.header(of: stream),
                headerSum: streams[stream].pointee.headerSum,
                stream: UInt32(stream),
                burst: 0,
                sequence: sequence
            )
            ProbePacket.route(packet)
            change(packet)
        }
    }

    func keepalive(to receiver: Int) -> [UInt8] { sealed(0, to: receiver) { _ in } }

    /// Gives the sink what one receive call brought: messages of one length.
    func deliver(_ messages: [UInt8]..., at now: UInt64 = 1000) throws {
        var bytes = messages.flatMap(\.self)
        let segment = messages.first?.count ?? 0
        try bytes.withUnsafeMutableBytes { bytes in
            try sink.receive(
                bytes,
                segmentSize: segment,
                at: now,
                for: sessions,
                of: streams,
                probe: probe,
                departures: departures
            )
        }
    }

    /// Any inner packet.
    func sealed(
        _ length: Int,
        to receiver: Int,
        counter: UInt64? = nil,
        write: (UnsafeMutablePointer<UInt8>) -> Void
    ) -> [UInt8] {
        let used = counter ?? counters[receiver]
        counters[receiver] = max(counters[receiver], used + 1)
        var message = [UInt8](repeating: 0, count: length + TransportMessage.overhead)
        message.withUnsafeMutableBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            let index = sessions.index(of: receiver)
            TransportMessage.writeHeader(base, receiver: index, counter: used)
            write(base + TransportMessage.headerLength)
            keys[receiver].seal(base + TransportMessage.headerLength, count: length, counter: used)
        }
        return message
    }
}

/// A key of a list.
final class Sealing {
    private let cipher: ChaCha20Poly1305

    init(_ key: SecretKey) {
        cipher = key.withBytes { ChaCha20Poly1305(key: $0) }
    }

    func seal(_ bytes: UnsafeMutablePointer<UInt8>, count: Int, counter: UInt64) {
        cipher.seal(bytes, count: count, counter: counter)
    }

    func open(_ bytes: UnsafeMutablePointer<UInt8>, count: Int, counter: UInt64) -> Bool {
        cipher.open(bytes, count: count, counter: counter)
    }
}
