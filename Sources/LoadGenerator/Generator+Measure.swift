import SystemIO
import WireGuardEngine

/// What is compared: two moments, with everything that was counted up to each.
extension Generator {
    struct Measurement {
        let moment: UInt64
        let sent: UInt64
        let tally: Sink.Tally
        let usage: GatewayUsage?
    }

    func measure() throws(LoadError) -> Measurement {
        let usage = try usage()
        return Measurement(
            moment: BootClock.nanoseconds,
            sent: sent,
            tally: sink.tally,
            usage: usage
        )
    }

    func usage() throws(LoadError) -> GatewayUsage? {
        guard let pid = options.gatewayPID else { return nil }
        return try GatewayUsage(pid: pid)
    }

    /// Called when what was under way at `last` has arrived or is lost. Nothing was under way at `first`.
    func report(from first: Measurement, to last: Measurement) -> LoadReport {
        let delivered = last.tally.delivered - first.tally.delivered
        let sent = sent - first.sent
        let arrived = sink.tally.delivered - first.tally.delivered
        // It grows by what an unauthenticated header claims, so it may have wrapped.
        let used = sink.tally.countersUsed &- first.tally.countersUsed
        let seen = arrived + sink.tally.keepalives - first.tally.keepalives
        return LoadReport(
            size: options.size,
            burst: options.burst,
            pairs: pairs,
            seconds: Double(last.moment - first.moment) / 1e9,
            delivered: delivered,
            arrivedInAll: sink.tally.delivered,
            sent: sent,
            lost: sent > arrived ? sent - arrived : 0,
            lostBehindGateway: used > seen ? used - seen : 0,
            reordered: sink.tally.reordered - first.tally.reordered,
            duplicates: sink.tally.duplicates - first.tally.duplicates,
            keepalives: sink.tally.keepalives - first.tally.keepalives,
            opened: sink.tally.opened - first.tally.opened,
            latency: LatencySummary(sink.latency),
            gateway: gateway(from: first.usage, to: last.usage, delivered: delivered)
        )
    }

    private func gateway(
        from first: GatewayUsage?,
        to last: GatewayUsage?,
        delivered: UInt64
    ) -> LoadReport.Gateway? {
        guard let first, let last else { return nil }
        let gigabytes = Double(delivered) * Double(options.size) / 1e9
        let seconds = last.totalSeconds - first.totalSeconds
        return LoadReport.Gateway(
            cpuSecondsPerGB: gigabytes > 0 ? seconds / gigabytes : 0,
            userSeconds: last.userSeconds - first.userSeconds,
            systemSeconds: last.systemSeconds - first.systemSeconds,
            residentBytes: last.residentBytes
        )
    }
}
