import GatewayDomain
import WireGuardEngine

extension HourlyUsage {
    /// What a counting of the engine has grown by.
    init(_ usage: Usage, since before: Usage, in hour: UsageHour) {
        self.init()
        for kind in TrafficKind.allCases {
            let counts = UsageCounts(
                rxPackets: PeerTotals.growth(
                    from: before.received[kind].packets,
                    to: usage.received[kind].packets
                ),
                rxBytes: PeerTotals.growth(
                    from: before.received[kind].bytes,
                    to: usage.received[kind].bytes
                ),
                txPackets: PeerTotals.growth(
                    from: before.sent[kind].packets,
                    to: usage.sent[kind].packets
                ),
                txBytes: PeerTotals.growth(
                    from: before.sent[kind].bytes,
                    to: usage.sent[kind].bytes
                )
            )
            add(Entry(hour: hour, kind: UsageKind(kind), counts: counts))
        }
    }
}

extension UsageKind {
    fileprivate init(_ kind: TrafficKind) {
        self =
            switch kind {
            case .hairpin: .hairpin
            case .link: .link
            case .services: .services
            case .internet: .internet
            }
    }
}
