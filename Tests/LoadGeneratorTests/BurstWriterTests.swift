import NetAddress
import SystemIO
import Testing
import WireGuardCrypto
import WireGuardEngine

@testable import LoadGenerator

@Suite("Bursts as they leave")
struct BurstWriterTests {
    @Test(
        "a burst is sent in units that the kernel segments, of 64 datagrams and 65507 bytes at most"
    )
    func units() {
        #expect(BurstWriter.perUnit(size: 100) == 64)
        #expect(BurstWriter.perUnit(size: 1420) == 45)
        #expect(BurstWriter.perUnit(size: 8900) == 7)
    }

    @Test(
        "every packet of a burst leaves, whole and once, across the units",
        arguments: [(1, 1420), (2, 44), (45, 1420), (46, 1420), (64, 100), (65, 100), (130, 300)]
    )
    func cutting(burst: Int, size: Int) throws {
        let hub = try UDPSocket(ListenAddress(address: .v4(.loopback), port: 0))
        let sockets = try PeerSockets(
            targets: PairSides(both: Endpoint(address: .v4(.loopback), port: hub.port)),
            perSide: 1
        )
        let side = HubSide(size: size, sent: 0)
        var writer = BurstWriter(size: size, burst: burst)
        for number in 0..<2 as Range<UInt32> {
            writer.prepare(
                burst,
                of: 0,
                in: side.streams,
                burst: number,
                with: side.sessions[0],
                probe: side.probe
            )
            try writer.send(through: sockets)
        }

        let messages = try hub.datagrams(2 * burst)
        #expect(messages.map(\.count) == Array(repeating: writer.messageLength, count: 2 * burst))
        let key = Sealing(SecretKey { _ in })
        for (number, message) in messages.enumerated() {
            var message = message
            message.withUnsafeMutableBufferPointer { bytes in
                guard let base = bytes.baseAddress else { return }
                #expect(TransportMessage.receiver(of: base) == 9)
                #expect(TransportMessage.counter(of: base) == UInt64(number))
                let packet = base + TransportMessage.headerLength
                let count = bytes.count - TransportMessage.headerLength
                #expect(key.open(packet, count: count, counter: UInt64(number)))
                ProbePacket.route(packet)
                let finding = side.probe.check(
                    packet,
                    count: bytes.count - TransportMessage.overhead,
                    header: side.streams.header(of: 0),
                    headerSum: side.streams[0].pointee.headerSum,
                    stream: 0
                )
                let burst = UInt32(number / burst)
                #expect(finding == .intact(burst: burst, sequence: UInt64(number)))
            }
        }
    }
}

extension UDPSocket {
    /// Waits for so many; fewer when no more ever come.
    fileprivate func datagrams(_ count: Int) throws -> [[UInt8]] {
        let buffers = ReceiveBuffers()
        let poll = try EventPoll()
        try poll.add(descriptor, tag: 0)
        let tags = UnsafeMutablePointer<UInt64>.allocate(capacity: EventPoll.capacity)
        defer { tags.deallocate() }
        var datagrams: [[UInt8]] = []
        while datagrams.count < count,
            poll.wait(untilNanoseconds: BootClock.nanoseconds + 120_000_000_000, into: tags) > 0
        {
            for index in 0..<Int(max(buffers.receive(from: self), 0)) {
                guard let run = buffers.run(index) else { continue }
                let bytes = Array(run.bytes)
                for offset in stride(from: 0, to: bytes.count, by: run.segmentSize) {
                    let end = min(offset + run.segmentSize, bytes.count)
                    datagrams.append(Array(bytes[offset..<end]))
                }
            }
        }
        return datagrams
    }
}
