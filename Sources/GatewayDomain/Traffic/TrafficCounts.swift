/// What was counted in some time. Bytes are counted as for `PeerActivity`.
package struct TrafficCounts: Hashable, Sendable {
    /// Received from peers.
    package var rxBytes: UInt64
    /// Sent to peers.
    package var txBytes: UInt64
    package var rxPackets: UInt64
    package var txPackets: UInt64
    /// That were completed.
    package var handshakes: UInt64

    package init(
        rxBytes: UInt64 = 0,
        txBytes: UInt64 = 0,
        rxPackets: UInt64 = 0,
        txPackets: UInt64 = 0,
        handshakes: UInt64 = 0
    ) {
        self.rxBytes = rxBytes
        self.txBytes = txBytes
        self.rxPackets = rxPackets
        self.txPackets = txPackets
        self.handshakes = handshakes
    }

    /// Rounded down.
    package func divided(by divisor: UInt64) -> TrafficCounts {
        TrafficCounts(
            rxBytes: rxBytes / divisor,
            txBytes: txBytes / divisor,
            rxPackets: rxPackets / divisor,
            txPackets: txPackets / divisor,
            handshakes: handshakes / divisor
        )
    }

    package static func += (counts: inout TrafficCounts, added: TrafficCounts) {
        counts.rxBytes.count(added.rxBytes)
        counts.txBytes.count(added.txBytes)
        counts.rxPackets.count(added.rxPackets)
        counts.txPackets.count(added.txPackets)
        counts.handshakes.count(added.handshakes)
    }
}
