/// Limits of what a peer, or all peers of a gateway together, may send and receive: bits per second of inner bytes, as
/// `Usage` counts them. Nil where there is none.
public struct Rates: Hashable, Sendable {
    /// From the peers.
    public var received: UInt64?
    /// To the peers.
    public var sent: UInt64?

    public init(received: UInt64? = nil, sent: UInt64? = nil) {
        self.received = received
        self.sent = sent
    }

    /// In each direction the smaller one.
    func limited(to most: UInt64) -> Rates {
        Rates(received: min(received ?? most, most), sent: min(sent ?? most, most))
    }
}

/// How much of its quota a peer has left, as of some moment.
public struct Quota: Hashable, Sendable {
    public enum Action: Hashable, Sendable {
        /// Nothing is forwarded any more.
        case block
        /// Bits per second in each direction.
        case throttle(UInt64)
    }

    /// Inner bytes that were left, of both directions together.
    public var left: UInt64
    /// What the peer's account had counted then, in both directions, and in which counting: what it has counted since is
    /// taken off. Another counting has counted nothing then.
    public var counted: UInt64
    public var counting: PeerHandle?
    /// When nothing is left.
    public var action: Action

    public init(
        left: UInt64,
        counted: UInt64 = 0,
        counting: PeerHandle? = nil,
        action: Action
    ) {
        self.left = left
        self.counted = counted
        self.counting = counting
        self.action = action
    }
}

/// What a peer may use. An object, as few peers have limits, and the others should not take memory for them.
public final class PeerLimits: Equatable, Sendable {
    public let rates: Rates
    public let quota: Quota?

    public init(rates: Rates = Rates(), quota: Quota? = nil) {
        self.rates = rates
        self.quota = quota
    }

    public static func == (a: PeerLimits, b: PeerLimits) -> Bool {
        a === b || a.rates == b.rates && a.quota == b.quota
    }
}
