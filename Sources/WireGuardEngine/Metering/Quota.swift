/// How much of its quota an account has left.
public struct Quota: Hashable, Sendable {
    public enum Action: Hashable, Sendable {
        /// Nothing is forwarded any more.
        case block
        /// Bits per second in each direction.
        case throttle(UInt64)
    }

    /// Inner bytes that were left, of both directions together.
    public var left: UInt64
    /// What the account had counted when that was left: what it has counted since is taken off. Where it counts anew, it
    /// had counted nothing. Nil: that much is left now.
    public var since: Reading?
    /// When nothing is left.
    public var action: Action

    public init(left: UInt64, since: Reading? = nil, action: Action) {
        self.left = left
        self.since = since
        self.action = action
    }
}

/// What an account has counted at some moment.
public struct Reading: Hashable, Sendable {
    public var counting: Counting
    /// Inner bytes of both directions together.
    public var counted: UInt64

    public init(counting: Counting, counted: UInt64) {
        self.counting = counting
        self.counted = counted
    }
}

/// Names the counting of an account, from zero on, among all of its kind.
public struct Counting: Hashable, Sendable {
    private let number: UInt64

    public init(_ number: UInt64) { self.number = number }

    /// That of a peer's account begins with an installation of the peer.
    public init(_ peer: PeerHandle) {
        self.init(UInt64(peer.slot) << 32 | UInt64(peer.generation))
    }
}
