/// What usage is told apart by.
package enum UsageGrouping: String, CaseIterable, Sendable {
    case organization, network, gateway, peer, kind, hour, day, month

    /// Of which a sum can have one only.
    package static let periods: Set<UsageGrouping> = [.hour, .day, .month]
}

/// Which usage is asked for, and what its sums are told apart by.
package struct UsageFilter: Sendable {
    package var networkID: NetworkID?
    package var gatewayID: GatewayID?
    package var peerID: PeerID?
    package var hours: Range<UsageHour>
    package var groups: Set<UsageGrouping>

    package init(hours: Range<UsageHour>, groups: Set<UsageGrouping> = []) {
        self.hours = hours
        self.groups = groups
    }
}

/// One sum of usage. What it is not told apart by is nil.
package struct UsageRow: Equatable, Sendable {
    package var organizationID: OrganizationID?
    package var networkID: NetworkID?
    package var gatewayID: GatewayID?
    /// As it is called now, or was when it was deleted.
    package var gatewayName: String?
    package var peerID: PeerID?
    package var peerName: String?
    package var kind: UsageKind?
    package var hours: Range<UsageHour>
    package var counts: UsageCounts

    package init(hours: Range<UsageHour>, counts: UsageCounts) {
        self.hours = hours
        self.counts = counts
    }
}
