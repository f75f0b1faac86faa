import CLinux
import Glibc
import SystemIO
import WireGuardCrypto

/// Makes a burst of one stream's packets ready to leave, one `sendmsg` unit for as many as the
/// kernel cuts at once.
struct BurstWriter: ~Copyable {
    /// Limits of `UDP_SEGMENT`: datagrams, and bytes in all.
    private static let segmentsPerUnit = 64
    private static let bytesPerUnit = 65_507

    let messageLength: Int
    private let payloadLength: Int
    private let size: Int
    private let perUnit: Int
    private let memory: UnsafeMutablePointer<UInt8>
    private let units: UnsafeMutablePointer<clinux_message>
    private let slices: UnsafeMutablePointer<iovec>
    private var unitCount = 0
    private var sender = 0

    /// - Parameter burst: the largest one, in packets; at most `CLINUX_MAX_MESSAGES` units.
    init(size: Int, burst: Int) {
        self.size = size
        payloadLength = TransportMessage.paddedLength(size)
        messageLength = payloadLength + TransportMessage.overhead
        perUnit = Self.perUnit(size: size)
        memory = .allocate(capacity: burst * messageLength)
        memory.initialize(repeating: 0, count: burst * messageLength)
        let most = (burst + perUnit - 1) / perUnit
        units = .allocate(capacity: most)
        units.initialize(repeating: clinux_message(), count: most)
        slices = .allocate(capacity: most)
        slices.initialize(repeating: iovec(), count: most)
    }

    deinit {
        memory.deallocate()
        units.deallocate()
        slices.deallocate()
    }

    static func perUnit(size: Int) -> Int {
        let length = TransportMessage.paddedLength(size) + TransportMessage.overhead
        return min(segmentsPerUnit, bytesPerUnit / length)
    }

    /// Seals the next `count` packets of a stream.
    mutating func prepare(
        _ count: Int,
        of number: Int,
        in streams: borrowing Streams,
        burst: UInt32,
        with session: UnsafeMutablePointer<PeerSession>,
        probe: borrowing ProbePacket
    ) {
        let stream = streams[number]
        let header = streams.header(of: number)
        sender = stream.pointee.sender
        for index in 0..<count {
            let message = memory + index * messageLength
            let payload = message + TransportMessage.headerLength
            let counter = session.pointee.nextCounter
            session.pointee.nextCounter = counter + 1
            TransportMessage.writeHeader(
                message,
                receiver: session.pointee.remoteIndex,
                counter: counter
            )
            probe.write(
                to: payload,
                header: header,
                headerSum: stream.pointee.headerSum,
                stream: UInt32(number),
                burst: burst,
                sequence: stream.pointee.nextSequence
            )
            stream.pointee.nextSequence += 1
            if payloadLength > size {
                (payload + size).update(repeating: 0, count: payloadLength - size)
            }
            session.pointee.sending.seal(payload, count: payloadLength, counter: counter)
        }
        cut(count)
    }

    func send(through sockets: borrowing PeerSockets) throws(LoadError) {
        try sockets.send(units, count: unitCount, from: sender)
    }

    private mutating func cut(_ count: Int) {
        unitCount = 0
        for first in stride(from: 0, to: count, by: perUnit) {
            let packets = min(perUnit, count - first)
            slices[unitCount] = iovec(
                iov_base: memory + first * messageLength,
                iov_len: packets * messageLength
            )
            units[unitCount].slices = slices + unitCount
            units[unitCount].slice_count = 1
            units[unitCount].segment_size = packets > 1 ? UInt16(messageLength) : 0
            unitCount += 1
        }
    }
}
