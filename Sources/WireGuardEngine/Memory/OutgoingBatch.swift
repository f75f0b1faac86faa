/// A piece of memory to send. Its layout is that of `struct iovec`, so that a driver may hand an
/// array of them to the kernel as it is; the data plane checks that at its start (`Transmitter`).
@frozen
public struct OutgoingSlice {
    public var base: UnsafeMutableRawPointer
    public var count: Int
}

/// One `sendmsg`: a run of datagrams to one peer. Every datagram has `segmentSize` bytes but the
/// last, which may be shorter (`UDP_SEGMENT`).
@frozen
public struct OutgoingMessage {
    public var gateway: GatewayHandle
    public var addressPair: AddressPair
    public var segmentSize: Int
    public var segmentCount: Int
    public var byteCount: Int
    public var firstSlice: Int
    public var sliceCount: Int
    /// False once a shorter datagram ended the run.
    @usableFromInline var isOpen: Bool
}

/// A plain packet for the interface, in the name of a gateway. The `PacketRun.headroom` bytes before it are
/// free for what the interface wants in front.
@frozen
public struct OutgoingPacket {
    public var gateway: GatewayHandle
    public var base: UnsafeMutableRawPointer
    public var count: Int
}

/// Datagrams waiting for one `sendmmsg`, and plain packets waiting for the interface. Packets that were
/// received stay in the receive buffers; packets that the engine makes itself live in the batch's own
/// arena until `clear()`.
public struct OutgoingBatch: ~Copyable {
    /// The kernel's `UDP_MAX_SEGMENTS` before Linux 6.9.
    static let maximumSegments = 64
    /// The largest UDP payload over IPv4; IPv6 would allow 20 bytes more.
    static let maximumBytes = 65_507

    private let messageMemory: UnsafeMutablePointer<OutgoingMessage>
    private let messageCapacity: Int
    private let sliceMemory: UnsafeMutablePointer<OutgoingSlice>
    private let sliceCapacity: Int
    private let arena: UnsafeMutableRawBufferPointer
    private let packetMemory: UnsafeMutablePointer<OutgoingPacket>
    private let packetCapacity: Int
    private var messageCount = 0
    private var sliceCount = 0
    private var packetCount = 0
    private var arenaUsed = 0

    /// - Parameters:
    ///   - messages: how many `sendmsg` units fit.
    ///   - slices: how many pieces of memory fit.
    ///   - packets: how many plain packets fit.
    ///   - arenaBytes: room for packets that the engine makes (handshakes, ICMP, keepalives).
    public init(
        messages: Int = 2048,
        slices: Int = 8192,
        packets: Int = 4096,
        arenaBytes: Int = 1 << 19
    ) {
        messageMemory = .allocate(capacity: messages)
        messageCapacity = messages
        sliceMemory = .allocate(capacity: slices)
        sliceCapacity = slices
        packetMemory = .allocate(capacity: packets)
        packetCapacity = packets
        arena = .allocate(byteCount: arenaBytes, alignment: 64)
    }

    deinit {
        messageMemory.deallocate()
        sliceMemory.deallocate()
        packetMemory.deallocate()
        arena.deallocate()
    }

    public var isEmpty: Bool { messageCount == 0 && packetCount == 0 }

    /// Whether to send it before the next run: one may add a message per datagram, and an ICMP
    /// error to the arena for each of them.
    public var isFilling: Bool {
        messageCount >= messageCapacity / 4 || packetCount >= packetCapacity / 4
            || arenaUsed > arena.count / 2
    }

    /// Room for what one peer's timers can cause, the packets that wait for it included.
    var hasRoomForTimers: Bool {
        messageCount + Constant.maximumStagedPerPeer + 8 <= messageCapacity
            && arenaUsed <= arena.count / 2
    }

    /// Valid until the next append or `clear()`.
    public var messages: UnsafeBufferPointer<OutgoingMessage> {
        UnsafeBufferPointer(start: messageMemory, count: messageCount)
    }

    /// Valid until the next append or `clear()`.
    public var slices: UnsafeMutableBufferPointer<OutgoingSlice> {
        UnsafeMutableBufferPointer(start: sliceMemory, count: sliceCount)
    }

    /// In the order in which they are to leave. Valid until the next append or `clear()`.
    public var packets: UnsafeBufferPointer<OutgoingPacket> {
        UnsafeBufferPointer(start: packetMemory, count: packetCount)
    }

    public mutating func clear() {
        messageCount = 0
        packetCount = 0
        sliceCount = 0
        arenaUsed = 0
    }

    /// Room for a datagram that the engine writes itself, or nil when the arena is full. It stays
    /// the engine's until `clear()`, whether it is appended or not.
    mutating func reserve(_ count: Int) -> UnsafeMutablePointer<UInt8>? {
        let rounded = (count + 15) & ~15
        guard arenaUsed + rounded <= arena.count, let base = arena.baseAddress else { return nil }
        defer { arenaUsed += rounded }
        return (base + arenaUsed).assumingMemoryBound(to: UInt8.self)
    }

    /// Whether the newest message has this gateway and address pair and may grow. Asked once per
    /// group of packets.
    func continues(_ gateway: GatewayHandle, _ pair: AddressPair) -> Bool {
        guard messageCount > 0 else { return false }
        let last = messageMemory[messageCount - 1]
        return last.isOpen && last.gateway == gateway && last.addressPair == pair
    }

    /// Appends one datagram. With `merging`, it joins the newest message where its size allows
    /// it. False when the batch is full: nothing was appended.
    mutating func append(
        _ base: UnsafeMutableRawPointer,
        _ count: Int,
        from gateway: GatewayHandle,
        to pair: AddressPair,
        merging: Bool
    ) -> Bool {
        if merging, messageCount > 0, extend(base, count) { return true }
        guard messageCount < messageCapacity, sliceCount < sliceCapacity else {
            return false
        }
        (sliceMemory + sliceCount).initialize(to: OutgoingSlice(base: base, count: count))
        (messageMemory + messageCount).initialize(
            to: OutgoingMessage(
                gateway: gateway,
                addressPair: pair,
                segmentSize: count,
                segmentCount: 1,
                byteCount: count,
                firstSlice: sliceCount,
                sliceCount: 1,
                isOpen: true
            )
        )
        messageCount += 1
        sliceCount += 1
        return true
    }

    /// Appends one plain packet. False when the batch is full: nothing was appended.
    @inline(__always)
    mutating func append(
        packet base: UnsafeMutableRawPointer,
        _ count: Int,
        of gateway: GatewayHandle
    ) -> Bool {
        guard packetCount < packetCapacity else { return false }
        (packetMemory + packetCount).initialize(
            to: OutgoingPacket(gateway: gateway, base: base, count: count)
        )
        packetCount += 1
        return true
    }

    private mutating func extend(_ base: UnsafeMutableRawPointer, _ count: Int) -> Bool {
        let index = messageCount - 1
        let message = messageMemory[index]
        guard message.isOpen, count <= message.segmentSize,
            message.segmentCount < Self.maximumSegments,
            message.byteCount + count <= Self.maximumBytes
        else { return false }
        let lastSlice = sliceCount - 1
        if sliceMemory[lastSlice].base + sliceMemory[lastSlice].count == base {
            sliceMemory[lastSlice].count += count
        } else {
            guard sliceCount < sliceCapacity else { return false }
            (sliceMemory + sliceCount).initialize(to: OutgoingSlice(base: base, count: count))
            sliceCount += 1
            messageMemory[index].sliceCount += 1
        }
        messageMemory[index].segmentCount += 1
        messageMemory[index].byteCount += count
        messageMemory[index].isOpen = count == message.segmentSize
        return true
    }
}
