import CLinux
import DataPlane
import Glibc
import NetAddress
import WireGuardEngine

/// Datagrams of the size and in the bursts of a run, without a key, through a plain forwarder and
/// back: the sender and the receiver of `floor`, on one thread.
struct PlainLoad: ~Copyable {
    private static let warmUp: UInt64 = 300_000_000
    private static let stall: UInt64 = 100_000_000
    /// Sequence number and time of departure.
    private static let tagLength = 16

    private let options: FloorOptions
    private let forwarder: Forwarder
    private let sender: UDPSocket
    private let receiver: UDPSocket
    private let ring = ReceiveRing()
    private let poll: EventPoll
    private let tags = UnsafeMutablePointer<UInt64>.allocate(capacity: EventPoll.capacity)
    private let memory: UnsafeMutablePointer<UInt8>
    private let length: Int
    private let perUnit: Int
    private let units: UnsafeMutablePointer<clinux_message>
    private let slices: UnsafeMutablePointer<iovec>
    private let unitCount: Int
    private var sent: UInt64 = 0
    private var delivered: UInt64 = 0
    private var lost: UInt64 = 0
    private var latency = LatencyHistogram()

    init(_ options: FloorOptions, through forwarder: Forwarder) throws {
        let sender = try UDPSocket(ListenAddress(address: .v4(.loopback), port: 0))
        let receiver = try UDPSocket(ListenAddress(address: .v4(.loopback), port: 0))
        let poll = try EventPoll()
        try poll.add(receiver.descriptor, tag: 0)
        (self.sender, self.receiver, self.poll) = (sender, receiver, poll)
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
        tags.deallocate()
        memory.deallocate()
        units.deallocate()
        slices.deallocate()
    }

    /// CPU seconds of the forwarder per 10^9 inner bytes that arrived, and how long they took.
    mutating func run() throws(LoadProblem) -> (secondsPerGB: Double, latency: LatencySummary?) {
        try send(for: Self.warmUp)
        latency.clear()
        let before = (time: try forwarderTime(), delivered: delivered)
        try send(for: UInt64(options.seconds * 1e9))
        let after = (time: try forwarderTime(), delivered: delivered)
        let gigabytes = Double(after.delivered - before.delivered) * Double(options.size) / 1e9
        guard gigabytes > 0 else { throw LoadProblem("nothing came through the forwarder") }
        let seconds = Double(after.time - before.time) / 1e9
        return (seconds / gigabytes, LatencySummary(latency))
    }

    private mutating func forwarderTime() throws(LoadProblem) -> UInt64 {
        try forwarder.threadTime { () throws(LoadProblem) in clinux_yield() }
    }

    private mutating func send(for duration: UInt64) throws(LoadProblem) {
        if let rate = options.rate {
            try sendPaced(for: duration, rate: rate)
        } else {
            try sendAtWill(for: duration)
        }
    }

    private mutating func sendAtWill(for duration: UInt64) throws(LoadProblem) {
        var window = FlightWindow(burst: options.burst, maximum: options.window)
        let start = BootClock.now.nanoseconds
        var lastArrival = start
        while true {
            let now = BootClock.now.nanoseconds
            guard now - start < duration else { return }
            if Int(sent - delivered - lost) + options.burst <= window.size {
                try sendBurst(at: now)
            }
            let arrived = receive()
            window.delivered(arrived)
            if arrived > 0 { lastArrival = now }
            guard now - lastArrival > Self.stall else { continue }
            lost = sent - delivered
            window.lost()
            lastArrival = now
        }
    }

    private mutating func sendPaced(for duration: UInt64, rate: Double) throws(LoadProblem) {
        let interval = Double(options.burst) / rate * 1e9
        let start = BootClock.now.nanoseconds
        var bursts = 0.0
        while true {
            let due = start + UInt64(bursts * interval)
            guard due < start + duration else { return }
            var now = BootClock.now.nanoseconds
            while now < due {
                if receive() == 0, due - now > 150_000 {
                    _ = poll.wait(until: Instant(nanoseconds: due - 75_000), into: tags)
                }
                now = BootClock.now.nanoseconds
            }
            try sendBurst(at: now)
            bursts += 1
            _ = receive()
        }
    }

    private mutating func sendBurst(at now: UInt64) throws(LoadProblem) {
        for index in 0..<options.burst {
            (memory + index * length).store(now, at: 8)
        }
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
                throw LoadProblem(call: "sendmmsg", errno: -status)
            }
        }
        sent += UInt64(options.burst)
    }

    private mutating func receive() -> Int {
        let count = Int(max(ring.receive(from: receiver), 0))
        guard count > 0 else { return 0 }
        let now = BootClock.now.nanoseconds
        var datagrams = 0
        for index in 0..<count {
            guard let run = ring.run(index, on: .none), run.segmentSize >= Self.tagLength,
                let base = run.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            else { continue }
            datagrams += (run.bytes.count + run.segmentSize - 1) / run.segmentSize
            let departure = base.load64(at: 8)
            latency.record(now > departure ? now - departure : 0)
        }
        delivered += UInt64(datagrams)
        return datagrams
    }
}
