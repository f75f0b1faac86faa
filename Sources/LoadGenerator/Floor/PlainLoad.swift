import CLinux
import Glibc
import NetAddress
import SystemIO
import WireGuardEngine

/// Datagrams of the size and in the bursts of a run, without a key, through a plain forwarder and
/// back: the sender and the receiver of `floor`, on one thread.
struct PlainLoad: ~Copyable {
    private static let warmUp: UInt64 = 300_000_000
    private static let stall: UInt64 = 100_000_000

    private let options: FloorOptions
    private let forwarder: Forwarder
    private let sender: UDPSocket
    private let receiver: UDPSocket
    private let buffers = ReceiveBuffers()
    private let memory: UnsafeMutablePointer<UInt8>
    private let length: Int
    private let perUnit: Int
    private let units: UnsafeMutablePointer<clinux_message>
    private let slices: UnsafeMutablePointer<iovec>
    private let unitCount: Int
    private var sent: UInt64 = 0
    private var delivered: UInt64 = 0
    private var lost: UInt64 = 0

    init(_ options: FloorOptions, through forwarder: Forwarder) throws {
        let sender = try UDPSocket(ListenAddress(address: .v4(.loopback), port: 0))
        let receiver = try UDPSocket(ListenAddress(address: .v4(.loopback), port: 0))
        (self.sender, self.receiver) = (sender, receiver)
        self.options = options
        self.forwarder = forwarder
        forwarder.send(to: receiver.port)
        length = options.datagramLength
        perUnit = BurstWriter.perUnit(size: options.size)
        unitCount = (options.burst + perUnit - 1) / perUnit
        memory = .allocate(capacity: options.burst * length)
        memory.initialize(repeating: 0x5a, count: options.burst * length)
        units = .allocate(capacity: unitCount)
        slices = .allocate(capacity: unitCount)
        for number in 0..<unitCount {
            let first = number * perUnit
            let packets = min(perUnit, options.burst - first)
            (slices + number).initialize(
                to: iovec(iov_base: memory + first * length, iov_len: packets * length)
            )
            (units + number).initialize(to: clinux_message())
            units[number].slices = slices + number
            units[number].slice_count = 1
            units[number].segment_size = packets > 1 ? UInt16(length) : 0
            units[number].remote = clinux_address(.v4(.loopback))
            units[number].remote_port = forwarder.port
        }
    }

    deinit {
        memory.deallocate()
        units.deallocate()
        slices.deallocate()
    }

    /// CPU seconds of the forwarder per 10^9 inner bytes that arrived.
    mutating func run() throws(LoadError) -> Double {
        try send(for: Self.warmUp)
        let before = (time: forwarder.threadTime(), delivered: delivered)
        try send(for: UInt64(options.seconds * 1e9))
        let after = (time: forwarder.threadTime(), delivered: delivered)
        let gigabytes = Double(after.delivered - before.delivered) * Double(options.size) / 1e9
        guard gigabytes > 0 else { throw LoadError("nothing came through the forwarder") }
        let seconds = Double(after.time - before.time) / 1e9
        return seconds / gigabytes
    }

    /// As fast as they come back.
    private mutating func send(for duration: UInt64) throws(LoadError) {
        var window = FlightWindow(burst: options.burst, maximum: options.window)
        let start = BootClock.nanoseconds
        var lastArrival = start
        while true {
            let now = BootClock.nanoseconds
            guard now - start < duration else { return }
            if underWay + options.burst <= window.size {
                try sendBurst()
            }
            let arrived = receive()
            window.delivered(arrived)
            if arrived > 0 { lastArrival = now }
            guard now - lastArrival > Self.stall else { continue }
            lost = sent > delivered ? sent - delivered : 0
            window.lost()
            lastArrival = now
        }
    }

    /// What was given up as lost may come all the same.
    private var underWay: Int {
        let gone = delivered + lost
        return sent > gone ? Int(sent - gone) : 0
    }

    private mutating func sendBurst() throws(LoadError) {
        var next = 0
        while next < unitCount {
            let status = clinux_send(
                sender.descriptor,
                sender.isIPv6,
                units + next,
                UInt32(unitCount - next)
            )
            if status >= 0 {
                next += Int(status)
            } else if -status == EAGAIN || -status == ENOBUFS {
                _ = clinux_wait_writable(sender.descriptor, 1)
            } else if -status != EINTR {
                throw LoadError(call: "sendmmsg", errno: -status)
            }
        }
        sent += UInt64(options.burst)
    }

    private mutating func receive() -> Int {
        let count = Int(max(buffers.receive(from: receiver), 0))
        guard count > 0 else { return 0 }
        var datagrams = 0
        for index in 0..<count {
            guard let run = buffers.run(index), run.segmentSize > 0 else { continue }
            datagrams += (run.bytes.count + run.segmentSize - 1) / run.segmentSize
        }
        delivered += UInt64(datagrams)
        return datagrams
    }
}
