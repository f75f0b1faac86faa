import Synchronization

/// What a route over a link leads to: the lanes that lead to one remote gateway. A view has one for each link; they
/// are referred to by their index in it.
public final class NextHopGroup: Sendable {
    public static let mostLanes = 32

    /// A lane that is open: its interface, and the one peer of that.
    public struct Lane: Hashable, Sendable {
        public let gateway: GatewayHandle
        public let peer: PeerHandle

        public init(gateway: GatewayHandle, peer: PeerHandle) {
            self.gateway = gateway
            self.peer = peer
        }
    }

    /// The number of the remote gateway's node: that of all groups that lead to the node.
    let remote: UInt32
    let choice: PathChoice
    /// By number; nil for one that is not open. Not for packets.
    let lanes: [Lane?]
    /// By lane. Those that are not open have generation zero, which is none.
    private let peers: InlineArray<32, PeerHandle>
    /// A bit for each lane that is open.
    private let open: UInt32

    /// - Parameters:
    ///   - lanes: by their numbers; nil for one that is not open.
    ///   - choice: that of the group before this one, where only its lanes are others.
    public init(to remote: UInt32, lanes: [Lane?], choice: PathChoice) {
        precondition(lanes.count <= Self.mostLanes, "a link has 32 lanes at most")
        self.remote = remote
        self.choice = choice
        self.lanes = lanes
        var peers = InlineArray<32, PeerHandle>(repeating: PeerHandle(slot: 0, generation: 0))
        var open: UInt32 = 0
        for case (let number, let lane?) in lanes.enumerated() {
            peers[number] = lane.peer
            open |= 1 << UInt32(number)
        }
        self.peers = peers
        self.open = open
    }

    /// Asked once per worker and view.
    func has(_ gateway: GatewayHandle) -> Bool { lanes.contains { $0?.gateway == gateway } }

    /// Those of the lanes in a set that are open.
    @inline(__always)
    func open(among lanes: UInt32) -> UInt32 { open & lanes }

    @inline(__always)
    func peer(ofLane number: Int) -> PeerHandle { peers[number] }
}

/// Which way a group's packets take now. It changes while packets are under way and needs no other view: the
/// control side stores it, and workers read it once for the packets of a flow that a run brings.
public final class PathChoice: Sendable {
    /// A set of lanes of the group in the lower half. In the upper half the index of the group that is gone
    /// around by, plus one; then there are no lanes.
    private let word: Atomic<UInt64>

    /// What is chosen.
    public enum Path: Hashable, Sendable {
        /// By these lanes of the group itself, a bit for each.
        case direct(lanes: UInt32)
        /// By the direct lanes of the group with this index.
        case detour(group: Int)
        case unreachable
    }

    /// Direct by all lanes.
    public init() {
        word = Atomic(UInt64(UInt32.max))
    }

    public func take(_ path: Path) {
        let next: UInt64 =
            switch path {
            case .direct(let lanes): UInt64(lanes)
            case .detour(let group): UInt64(UInt32(group + 1)) << 32
            case .unreachable: 0
            }
        word.store(next, ordering: .relaxed)
    }

    public var path: Path {
        let word = word.load(ordering: .relaxed)
        if word >> 32 != 0 { return .detour(group: Int(word >> 32) - 1) }
        return word == 0 ? .unreachable : .direct(lanes: UInt32(truncatingIfNeeded: word))
    }

    /// None where the path is not direct.
    @inline(__always)
    var directLanes: UInt32 { UInt32(truncatingIfNeeded: word.load(ordering: .relaxed)) }

    /// The lanes of the group itself, or else the group that is gone around by.
    @inline(__always)
    var lanesOrDetour: (lanes: UInt32, detour: Int?) {
        let word = word.load(ordering: .relaxed)
        let upper = Int(word >> 32)
        return (UInt32(truncatingIfNeeded: word), upper == 0 ? nil : upper - 1)
    }
}
