/// A plain packet in the driver's memory, with free bytes around it: `PacketRun.headroom` before its first
/// byte, and the tag's behind its room.
@frozen
public struct PlainPacket {
    public let start: UnsafeMutableRawPointer
    public let length: Int
    /// Of the packet and its padding, of which the engine makes no more.
    public let room: Int

    @inlinable
    public init(start: UnsafeMutableRawPointer, length: Int, room: Int) {
        self.start = start
        self.length = length
        self.room = room
    }
}

/// Plain packets that an interface gave, in their order; each one fits the interface's MTU. Packets
/// whose starts are as far apart as they are long, with the room around them, leave as one message.
///
/// The bytes are changed and sealed in place: they must stay untouched until the `OutgoingBatch` that was
/// filled from them has been sent.
@frozen
public struct PacketRun {
    /// For the transport header.
    public static let headroom = TransportLayout.payload
    /// Behind the room of a packet.
    public static let tailroom = TransportLayout.tagLength

    /// The room that a packet of this length takes at an interface of this MTU, beyond which it is not padded.
    @inlinable
    public static func room(for length: Int, mtu: Int) -> Int {
        max(length, min((length + paddingMultiple - 1) & ~(paddingMultiple - 1), mtu))
    }

    @usableFromInline static let paddingMultiple = Constant.paddingMultiple

    /// The gateway whose host has this interface (`LocalDelivery.interface`). Nil for the interface of a
    /// node, where a packet's destination tells the gateway.
    public let gateway: GatewayHandle?
    public let packets: UnsafeBufferPointer<PlainPacket>

    @inlinable
    public init(gateway: GatewayHandle? = nil, packets: UnsafeBufferPointer<PlainPacket>) {
        self.gateway = gateway
        self.packets = packets
    }
}
