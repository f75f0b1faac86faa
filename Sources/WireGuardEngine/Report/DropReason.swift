import Synchronization

/// Why a datagram or an inner packet went no further.
public enum DropReason: UInt8, CaseIterable, Sendable {
    /// Type, reserved bytes or length are not those of a WireGuard message.
    case malformedMessage
    /// The message's receiver index belongs to no session or handshake of this gateway.
    case unknownReceiver
    /// Authentication failed.
    case forged
    /// Its counter was seen before or is older than the replay window.
    case replayed
    /// Its session is older than REJECT_AFTER_TIME or used up.
    case expiredSession
    /// Inner bytes that are not a well-formed IPv4 or IPv6 packet.
    case malformedPacket
    /// The packet's source address is not routed to the peer that sent it, or is not a unicast
    /// address.
    case sourceNotAllowed
    case noRoute
    case hopLimitExceeded
    case tooBig
    /// Its target was never heard and has no endpoint.
    case noEndpoint
    /// Its target has no session, and others wait for one already.
    case stagingFull
    /// For the gateway's own address, and not an echo request.
    case notForwarded
    /// For the gateway's own address, and damaged before it was sealed.
    case badChecksum
    /// `mac1` is wrong: the sender does not know our public key.
    case badMAC1
    /// Under load, and the sender has not proven its address.
    case cookieRequired
    /// Under load, and this address sends more handshakes than its share.
    case handshakeRateLimited
    /// From a key that does not belong to a peer of this gateway.
    case unknownPeer
    /// An initiation that is not newer than the last one, or comes too soon after it.
    case staleInitiation
    /// A response or cookie reply to an initiation that is not under way.
    case unexpectedHandshake
    case batchFull
    /// To an address that only the interface leads to, and the gateway's permissions do not cover it; or of a
    /// sender that has no mapped address.
    case egressNotAllowed
    /// From the interface, with a source address of the network's own.
    case spoofedSource
    /// From the interface, with a source that is not of one host, or to no gateway's mapped range.
    case martian
    /// From the interface, and its sender is none that the gateway's peers may reach.
    case unsolicited
    /// To a gateway of another node, and no lane leads there now.
    case linkDown
    /// From a link, to a gateway of another node, and not the second half of a detour.
    case transitNotAllowed
    /// More than the rate of the peer that it is from, or for.
    case rateExceeded
    /// More than the rate of the gateway of that peer.
    case gatewayRateExceeded
    /// More than the rate of the organization of that gateway.
    case organizationRateExceeded
    /// That peer has used up its quota.
    case quotaUsedUp
    /// All peers of its gateway have, together.
    case gatewayQuotaUsedUp
    /// All peers of the organization have.
    case organizationQuotaUsedUp
    /// From a peer that is not connected, or for it, and as many peers of its gateway or organization are as may be.
    case connectedPeersExceeded
}

/// Drops by reason.
public struct DropCounters: Sendable {
    private var counts = [UInt64](repeating: 0, count: DropReason.allCases.count)

    public init() {}

    public subscript(_ reason: DropReason) -> UInt64 { counts[Int(reason.rawValue)] }

    public var total: UInt64 { counts.reduce(0, &+) }

    mutating func add(_ count: UInt64, _ reason: DropReason) {
        counts[Int(reason.rawValue)] &+= count
    }

    public static func + (a: DropCounters, b: DropCounters) -> DropCounters {
        var sum = a
        for reason in DropReason.allCases { sum.counts[Int(reason.rawValue)] &+= b[reason] }
        return sum
    }
}

/// A gateway's drops while they happen, on whichever worker.
struct DropTally: ~Copyable {
    /// Room for 40 reasons: one more traps in the first test that counts it.
    private let counts = InlineArray<40, Atomic<UInt64>> { _ in Atomic(0) }

    @inline(__always)
    func record(_ reason: DropReason, count: Int = 1) {
        counts[Int(reason.rawValue)].wrappingAdd(UInt64(count), ordering: .relaxed)
    }

    var counters: DropCounters {
        var counters = DropCounters()
        for reason in DropReason.allCases {
            counters.add(counts[Int(reason.rawValue)].load(ordering: .relaxed), reason)
        }
        return counters
    }
}
