/// Limits of what a peer, or all peers of a gateway or of an organization together, may send and receive: bits per second
/// of inner bytes, as `Usage` counts them. Nil where there is none.
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

/// What a peer may use. An object, as few peers have limits, and the others should not take memory for them.
public final class PeerLimits: Equatable, Sendable {
    public let rates: Rates
    /// For an account that has none yet. One that has a quota keeps what is left of it, and takes over the action; nil ends it.
    public let quota: Quota?

    public init(rates: Rates = Rates(), quota: Quota? = nil) {
        self.rates = rates
        self.quota = quota
    }

    public static func == (a: PeerLimits, b: PeerLimits) -> Bool {
        a === b || a.rates == b.rates && a.quota == b.quota
    }
}

/// What all peers of a gateway, or of an organization, may use together.
public struct SharedLimits: Hashable, Sendable {
    public var rates: Rates
    /// As that of a peer.
    public var quota: Quota?
    /// How many peers may be connected at a time, which have a session that may still be used. Nil without a limit.
    public var connectedPeers: Int?

    public init(rates: Rates = Rates(), quota: Quota? = nil, connectedPeers: Int? = nil) {
        self.rates = rates
        self.quota = quota
        self.connectedPeers = connectedPeers
    }
}
