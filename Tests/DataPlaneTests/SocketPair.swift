import Glibc
import NetAddress
import SystemIO
import TestSupport

@testable import DataPlane
@testable import WireGuardEngine

/// A socket with what a worker has around it, driven by the test's own thread.
struct TestSocket: ~Copyable {
    static let gateway = GatewayHandle(slot: 0, generation: 1)

    let socket: UDPSocket
    let buffers: ReceiveBuffers
    var transmitter = Transmitter()
    var io = IOCounters()

    init(
        _ listen: ListenAddress = ListenAddress(address: IPAddress("127.0.0.1"), port: 0),
        bufferBytes: Int = 65_536,
        queue: UDPSocket.Queue = .transport
    ) throws {
        socket = try UDPSocket(listen, queue: queue)
        buffers = ReceiveBuffers(bufferBytes: bufferBytes)
    }

    /// Sends the datagrams in order; neighbours join into runs as the engine's do.
    mutating func send(_ datagrams: [[UInt8]], along pair: AddressPair) {
        var memory = datagrams.flatMap { $0 }
        memory.withUnsafeMutableBytes { bytes in
            var batch = OutgoingBatch()
            var offset = 0
            for datagram in datagrams {
                guard let base = bytes.baseAddress else { return }
                let isAppended = batch.append(
                    base + offset,
                    datagram.count,
                    from: Self.gateway,
                    to: pair,
                    merging: batch.continues(Self.gateway, pair)
                )
                precondition(isAppended)
                offset += datagram.count
            }
            send(batch.messages, batch.slices)
        }
    }

    mutating func send(
        _ messages: UnsafeBufferPointer<OutgoingMessage>,
        _ slices: UnsafeMutableBufferPointer<OutgoingSlice>
    ) {
        slices.withMemoryRebound(to: iovec.self) { slices in
            guard let slices = slices.baseAddress else { return }
            transmitter.send(messages, slices: slices, through: socket, counting: &io)
        }
    }

    /// How many datagrams wait.
    mutating func receiveAll() -> Int {
        var count = 0
        while true {
            let filled = Int(buffers.receive(from: socket))
            guard filled > 0 else { return count }
            for index in 0..<filled {
                count +=
                    buffers.run(index).map { Received.cut(DatagramRun($0, on: Self.gateway)).count }
                    ?? 1
            }
        }
    }

    /// Waits for runs until `count` datagrams came; fewer when no more ever come.
    mutating func receive(_ count: Int) -> [Received] {
        var received: [Received] = []
        while received.count < count, socket.awaitReadable() {
            let filled = buffers.receive(from: socket)
            for index in 0..<Int(max(filled, 0)) {
                guard let run = buffers.run(index) else {
                    io.truncated += 1
                    received.append(Received(bytes: [], addressPair: nil, runLength: 0))
                    continue
                }
                received += Received.cut(DatagramRun(run, on: Self.gateway))
            }
        }
        return received
    }
}

struct Received {
    let bytes: [UInt8]
    let addressPair: AddressPair?
    /// How many datagrams came with it in one buffer.
    let runLength: Int

    static func cut(_ run: DatagramRun) -> [Received] {
        let all = [UInt8](run.bytes)
        let starts = Array(stride(from: 0, to: all.count, by: max(run.segmentSize, 1)))
        return starts.map { start in
            Received(
                bytes: Array(all[start..<min(start + run.segmentSize, all.count)]),
                addressPair: run.addressPair,
                runLength: starts.count
            )
        }
    }
}

extension UDPSocket {
    /// False when nothing ever comes.
    func awaitReadable() -> Bool {
        var readable = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&readable, 1, Int32(patience.components.seconds) * 1_000) > 0
    }

    func addressPair(from source: String? = nil, at address: String = "127.0.0.1") -> AddressPair {
        guard let remote = IPAddress(address) else { preconditionFailure("no address") }
        return AddressPair(
            remote: Endpoint(address: remote, port: port),
            local: source.flatMap { IPAddress($0) }
        )
    }
}

/// `count` bytes that tell their place in an order.
func datagram(_ count: Int, number: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number) }
}
