/// What is at the other end of a peer's packet.
public enum TrafficKind: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    /// A peer of the network on the same node, of the same gateway or of another one.
    case hairpin
    /// A peer of the network behind a gateway of another node.
    case link
    /// An address of a private service, whether it is reached through this node's interface or over a link.
    case services
    /// Any other address outside the network, in the same two ways.
    case internet
}

/// What a gateway has forwarded for a peer, or for all its peers: packets, and the bytes of whole IP packets inside the
/// tunnel, without anything of WireGuard's. What of it travels outside the tunnel is in `ActivityReport`.
///
/// A packet counts once as received from the peer that it came from, and once as sent to the peer that it went to.
/// - Received: it was authentic, its source was the peer's, everything that judges packets let it pass, and it
///   was within the peer's limits. Then it counts, though it may be dropped on the way to its target.
/// - Sent: it was within the peer's limits and was sealed for the peer. Then it counts, though the kernel may refuse it.
///   One that waits for a session counts when it is sealed.
///
/// What the gateway says and hears itself does not count: handshakes, keepalives, echo requests to the gateway's own
/// address and the answers, and ICMP errors that the gateway makes. What is dropped before does not count either.
public struct Usage: Hashable, Sendable {
    public enum Direction: Sendable {
        /// From the peer.
        case received
        /// To the peer.
        case sent
    }

    /// By what was at the other end. Counts are set, and not modified in place: `_modify` of a struct is a coroutine, whose
    /// frame the compiler may allocate.
    public struct Kinds: Hashable, Sendable {
        public var hairpin = PacketCount()
        public var link = PacketCount()
        public var services = PacketCount()
        public var internet = PacketCount()

        public init() {}

        public subscript(kind: TrafficKind) -> PacketCount {
            @inline(__always) get {
                switch kind {
                case .hairpin: hairpin
                case .link: link
                case .services: services
                case .internet: internet
                }
            }
            @inline(__always) set {
                switch kind {
                case .hairpin: hairpin = newValue
                case .link: link = newValue
                case .services: services = newValue
                case .internet: internet = newValue
                }
            }
        }

        public var total: PacketCount { hairpin + link + services + internet }
    }

    public var received = Kinds()
    public var sent = Kinds()

    public init() {}

    public subscript(direction: Direction, kind: TrafficKind) -> PacketCount {
        @inline(__always) get { direction == .received ? received[kind] : sent[kind] }
        @inline(__always) set {
            switch direction {
            case .received: received[kind] = newValue
            case .sent: sent[kind] = newValue
            }
        }
    }

    /// In both directions.
    public var total: PacketCount { received.total + sent.total }

    public static func + (a: Usage, b: Usage) -> Usage {
        var sum = a
        for kind in TrafficKind.allCases {
            sum.received[kind] = sum.received[kind] + b.received[kind]
            sum.sent[kind] = sum.sent[kind] + b.sent[kind]
        }
        return sum
    }
}

/// Packets, and the bytes of them.
public struct PacketCount: Hashable, Sendable {
    public var packets: UInt64
    public var bytes: UInt64

    public init(packets: UInt64 = 0, bytes: UInt64 = 0) {
        self.packets = packets
        self.bytes = bytes
    }

    var isZero: Bool { packets == 0 }

    @inline(__always)
    mutating func add(_ length: Int) {
        packets &+= 1
        bytes &+= UInt64(length)
    }

    @inline(__always)
    public static func + (a: PacketCount, b: PacketCount) -> PacketCount {
        PacketCount(packets: a.packets &+ b.packets, bytes: a.bytes &+ b.bytes)
    }
}
