/// What a tenant has left of what its neighbour had.
package struct FairnessReport: Sendable {
    package let options: FairnessOptions
    package let tenantPeers: Int
    /// What the node carries of the neighbour, when that sends all it can.
    package let capacityGigabitsPerSecond: Double
    package let alone: StreamReport
    package let besidePackets: StreamReport
    package let besideHandshakes: StreamReport
    package let tenantGigabitsPerSecond: Double
    package let tenantHandshakesPerSecond: Double

    /// Of the neighbour's packets, what came through beside those of the tenant.
    package var leftByPackets: Double { left(besidePackets) }
    package var leftByHandshakes: Double { left(besideHandshakes) }

    private func left(_ stream: StreamReport) -> Double {
        alone.packetsPerSecond > 0 ? stream.packetsPerSecond / alone.packetsPerSecond : 0
    }
}

/// What came through of packets at an even rate.
package struct StreamReport: Sendable {
    package let sent: UInt64
    package let delivered: UInt64
    package let seconds: Double
    package let latency: LatencySummary?

    package var packetsPerSecond: Double { seconds > 0 ? Double(delivered) / seconds : 0 }
}
