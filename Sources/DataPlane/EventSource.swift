import WireGuardEngine

/// What became readable: a worker's inbox, its queue of the interface, or one of the two sockets that it may have of
/// a gateway.
/// `EventPoll` carries it as a 64-bit tag.
enum EventSource: Equatable {
    case inbox
    case interface
    case transport(GatewayHandle)
    case handshakes(GatewayHandle)

    /// The layout of a tag: bit 63 tells handshakes from transport messages, 31 bits are the slot, 32
    /// the generation. The last slot is not a gateway's: all ones is the inbox, one less the interface.
    static let maximumSlot: UInt32 = (1 << 31) - 2
    private static let inboxTag = UInt64.max
    private static let interfaceTag = UInt64.max - 1
    private static let handshakeBit: UInt64 = 1 << 63

    init(tag: UInt64) {
        guard tag < Self.interfaceTag else {
            self = tag == Self.inboxTag ? .inbox : .interface
            return
        }
        let gateway = GatewayHandle(
            slot: UInt32(truncatingIfNeeded: (tag & ~Self.handshakeBit) >> 32),
            generation: UInt32(truncatingIfNeeded: tag)
        )
        self = tag & Self.handshakeBit == 0 ? .transport(gateway) : .handshakes(gateway)
    }

    var tag: UInt64 {
        switch self {
        case .inbox: Self.inboxTag
        case .interface: Self.interfaceTag
        case .transport(let gateway): Self.tag(of: gateway)
        case .handshakes(let gateway): Self.tag(of: gateway) | Self.handshakeBit
        }
    }

    private static func tag(of gateway: GatewayHandle) -> UInt64 {
        precondition(gateway.slot <= maximumSlot, "the slot of a gateway has 31 bits")
        return UInt64(gateway.slot) << 32 | UInt64(gateway.generation)
    }
}
