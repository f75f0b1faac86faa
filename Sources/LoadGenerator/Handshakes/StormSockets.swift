import CLinux
import Glibc
import NetAddress
import SystemIO
import WireGuardEngine

/// A socket for each of many senders, each with an address of its own where the machine has enough
/// of them: a hub under load limits the handshakes of an address.
struct StormSockets: ~Copyable {
    /// As many datagrams as one system call sends.
    static let maximumBurst = Int(CLINUX_MAX_MESSAGES)
    /// Answers are small. Few may wait, as memory is per socket.
    private static let bufferBytes: Int32 = 64 << 10
    /// Descriptors for everything else.
    private static let otherDescriptors: UInt64 = 64

    let count: Int
    private let all: [UDPSocket]
    private let target: Endpoint
    private let poll: EventPoll
    private let units: UnsafeMutablePointer<clinux_message>
    private let slices: UnsafeMutablePointer<iovec>
    private let tags: UnsafeMutablePointer<UInt64>

    /// - Parameter sources: where the senders' addresses are taken from, in order from `first` on;
    ///   nil leaves them all the system's choice.
    init(
        target: Endpoint,
        sources: IPv4Prefix?,
        from first: Int = 0,
        count: Int
    ) throws(LoadError) {
        (all, poll) = try Self.open(count, from: first, of: sources, towards: target)
        self.target = target
        self.count = count
        units = .allocate(capacity: Self.maximumBurst)
        slices = .allocate(capacity: Self.maximumBurst)
        for index in 0..<Self.maximumBurst {
            (slices + index).initialize(to: iovec())
            (units + index).initialize(to: clinux_message())
            units[index].slices = slices + index
            units[index].slice_count = 1
            units[index].address(to: target)
        }
        tags = .allocate(capacity: EventPoll.capacity)
    }

    deinit {
        units.deallocate()
        slices.deallocate()
        tags.deallocate()
    }

    private static func open(
        _ count: Int,
        from first: Int,
        of sources: IPv4Prefix?,
        towards target: Endpoint
    ) throws(LoadError) -> ([UDPSocket], EventPoll) {
        try allowDescriptors()
        do {
            let poll = try EventPoll()
            var sockets: [UDPSocket] = []
            for number in 0..<count {
                let address = address(first + number, of: sources, to: target)
                let socket = try UDPSocket(ListenAddress(address: address, port: 0))
                _ = clinux_udp_set_buffers(socket.descriptor, bufferBytes)
                try poll.add(socket.descriptor, tag: UInt64(number))
                sockets.append(socket)
            }
            return (sockets, poll)
        } catch {
            throw LoadError("no \(count) sockets to send from: \(error)")
        }
    }

    /// Sends datagrams of one length that lie behind each other, unsegmented, as strangers do. What
    /// the kernel has no room for is lost, as on the way. How many were sent.
    @discardableResult
    func send(
        _ messages: UnsafeMutablePointer<UInt8>,
        length: Int,
        count: Int = 1,
        from number: Int
    ) -> Int {
        precondition(count <= Self.maximumBurst)
        for index in 0..<count {
            slices[index] = iovec(iov_base: messages + index * length, iov_len: length)
        }
        let socket = all[number]
        return Int(max(clinux_send(socket.descriptor, socket.isIPv6, units, UInt32(count)), 0))
    }

    /// Drops what waits.
    func drain(into buffers: borrowing ReceiveBuffers) {
        var wasEmpty = false
        while !wasEmpty {
            wasEmpty = true
            receive(untilNanoseconds: BootClock.nanoseconds, into: buffers) { _, _, _ in
                wasEmpty = false
            }
        }
    }

    /// Waits until an answer is there or the moment has come, and gives all that wait.
    func receive(
        untilNanoseconds moment: UInt64,
        into buffers: borrowing ReceiveBuffers,
        _ body: (_ sender: Int, _ answer: UnsafeMutablePointer<UInt8>, _ length: Int) -> Void
    ) {
        for tag in 0..<poll.wait(untilNanoseconds: moment, into: tags) {
            let number = Int(tags[tag])
            for index in 0..<Int(max(buffers.receive(from: all[number]), 0)) {
                guard let run = buffers.run(index), run.segmentSize > 0,
                    run.remote == target,
                    let base = run.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
                else { continue }
                for offset in stride(from: 0, to: run.bytes.count, by: run.segmentSize) {
                    body(number, base + offset, min(run.segmentSize, run.bytes.count - offset))
                }
            }
        }
    }

    /// How many senders this process may have at most.
    static func maximumCount() throws(LoadError) -> Int {
        let allowed = try allowDescriptors()
        return Int(clamping: allowed - min(otherDescriptors, allowed))
    }

    /// As many open files as the system's hard limit has for us.
    @discardableResult
    private static func allowDescriptors() throws(LoadError) -> UInt64 {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else {
            throw LoadError(call: "getrlimit", errno: errno)
        }
        guard limit.rlim_cur < limit.rlim_max else { return UInt64(limit.rlim_cur) }
        limit.rlim_cur = limit.rlim_max
        guard setrlimit(resource, &limit) == 0 else {
            throw LoadError(call: "setrlimit", errno: errno)
        }
        return UInt64(limit.rlim_cur)
    }

    private static func address(
        _ number: Int,
        of sources: IPv4Prefix?,
        to target: Endpoint
    ) -> IPAddress {
        if let sources {
            // The first and the last address of a prefix are not given to a sender.
            let usable = max(sources.count, 3) - 2
            let place = 1 + UInt64(number) % usable
            return .v4(IPv4Address(bits: sources.network.bits + UInt32(place)))
        }
        switch target.address {
        case .v4: return .v4(IPv4Address(bits: 0))
        case .v6: return .v6(IPv6Address(high: 0, low: 0))
        }
    }
}
