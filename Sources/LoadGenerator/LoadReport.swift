/// What a run has shown.
package struct LoadReport: Sendable {
    package struct Gateway: Sendable {
        package let cpuSecondsPerGB: Double
        package let userSeconds: Double
        package let systemSeconds: Double
        package let residentBytes: Int
    }

    package let size: Int
    package let burst: Int
    package let pairs: Int
    package let seconds: Double
    /// Inner packets that arrived in that time.
    package let delivered: UInt64
    /// Those of the warm-up too, and those that came late.
    package let arrivedInAll: UInt64
    /// Sent in that time, and those of them that never arrived.
    package let sent: UInt64
    package let lost: UInt64
    /// The part of `lost` that left the hub: its counters have a gap.
    package let lostBehindGateway: UInt64
    package let reordered: UInt64
    package let duplicates: UInt64
    package let keepalives: UInt64
    package let opened: UInt64
    package let latency: LatencySummary?
    package let gateway: Gateway?

    package var packetsPerSecond: Double { Double(delivered) / seconds }
    package var gigabitsPerSecond: Double { packetsPerSecond * Double(size) * 8 / 1e9 }
    package var lossRatio: Double { sent > 0 ? Double(lost) / Double(sent) : 0 }
}
