import NetAddress
import Testing
import WireGuardCrypto

@testable import LoadGenerator
@testable import WireGuardEngine

/// A pair of peers and the messages that an honest hub would deliver to the second, which a test
/// may spoil before the sink sees them.
struct RelayedStream: ~Copyable {
    static let size = 200
    let probe = ProbePacket(size: Self.size)
    let streams: Streams
    let departures = Departures()
    var sessions: PeerSessions
    var sink = Sink(verifyEvery: 1)
    private let hubToPeer = SecretKey(filledBy: { $0[0] = 7 })
    private var counter: UInt64 = 0

    init() {
        let peers = (1...2).map { number in
            BenchDirectory.Peer(
                privateKey: SecretKey(filledBy: { $0[0] = UInt8(number) }),
                address: IPv4Address(bits: 0x0a08_0000 + UInt32(number))
            )
        }
        streams = Streams(peers: peers, bothWays: false, probe: probe)
        sessions = PeerSessions(count: 2, firstIndex: 0xffff_ffff)
        let keys = TransportKeys(sending: hubToPeer, receiving: hubToPeer, remoteIndex: 1)
        for number in 0..<2 { sessions.insert(keys, for: number) }
    }

    /// The next packet of the stream as the hub seals it, after `change` to the plaintext.
    mutating func relay(
        to peer: Int = 1,
        hops: Int = 1,
        _ change: (inout [UInt8]) -> Void = { _ in }
    ) -> [UInt8] {
        var inner = [UInt8](repeating: 0, count: Self.size)
        inner.withUnsafeMutableBufferPointer { bytes in
            guard let packet = bytes.baseAddress else { return }
            probe.write(
                to: packet,
                header: streams.header(of: 0),
                headerSum: streams[0].pointee.headerSum,
                stream: 0,
                burst: 0,
                sequence: streams[0].pointee.nextSequence
            )
            for _ in 0..<hops { InnerPacket.decrementHopLimit(packet, isIPv6: false) }
        }
        streams[0].pointee.nextSequence += 1
        change(&inner)
        return seal(inner, to: peer)
    }

    /// A transport message with this payload.
    mutating func seal(_ payload: [UInt8], to peer: Int = 1) -> [UInt8] {
        let padded = payload.isEmpty ? 0 : TransportMessage.paddedLength(payload.count)
        var message = [UInt8](repeating: 0, count: padded + TransportMessage.overhead)
        message.replaceSubrange(16..<16 + payload.count, with: payload)
        let index = sessions.index(of: peer)
        let cipher = hubToPeer.withBytes { ChaCha20Poly1305(key: $0) }
        message.withUnsafeMutableBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            TransportMessage.writeHeader(base, receiver: index, counter: counter)
            cipher.seal(base + TransportMessage.headerLength, count: padded, counter: counter)
        }
        counter += 1
        return message
    }

    mutating func deliver(_ message: [UInt8]) throws(LoadProblem) {
        var message = message
        let result = message.withUnsafeMutableBytes { bytes in
            Result { () throws(LoadProblem) in
                try sink.take(
                    bytes,
                    segmentSize: bytes.count,
                    at: 1_000,
                    for: sessions,
                    of: streams,
                    probe: probe,
                    departures: departures
                )
            }
        }
        try result.get()
    }
}
