/// What was carried for a peer, seen from its gateway: whole IP packets as they are inside of the tunnel. The same
/// packets are more bytes in the counters of `PeerActivity`, which have WireGuard's own bytes too.
package struct UsageCounts: Hashable, Sendable {
    /// More than one peer moves in any hour: what is beyond it cannot be a count, and sums of many do not overflow.
    package static let most: UInt64 = 1 << 50

    /// Received from the peer.
    package var rxPackets: UInt64
    package var rxBytes: UInt64
    /// Sent to the peer.
    package var txPackets: UInt64
    package var txBytes: UInt64

    package init(
        rxPackets: UInt64 = 0,
        rxBytes: UInt64 = 0,
        txPackets: UInt64 = 0,
        txBytes: UInt64 = 0
    ) {
        self.rxPackets = rxPackets
        self.rxBytes = rxBytes
        self.txPackets = txPackets
        self.txBytes = txBytes
    }

    package var isEmpty: Bool { self == UsageCounts() }

    package static func += (counts: inout UsageCounts, added: UsageCounts) {
        counts.rxPackets.count(added.rxPackets)
        counts.rxBytes.count(added.rxBytes)
        counts.txPackets.count(added.txPackets)
        counts.txBytes.count(added.txBytes)
    }

    /// What of it can be true.
    package var bounded: UsageCounts {
        UsageCounts(
            rxPackets: min(rxPackets, Self.most),
            rxBytes: min(rxBytes, Self.most),
            txPackets: min(txPackets, Self.most),
            txBytes: min(txBytes, Self.most)
        )
    }
}
