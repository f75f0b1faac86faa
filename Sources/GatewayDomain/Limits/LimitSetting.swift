/// The limits that are set for a peer, a gateway or an organization.
package struct LimitSetting: Equatable, Sendable {
    package let subject: LimitSubject
    /// The name of the subject; of a peer without one, its address. Nil also where it was not read, or cannot be.
    package var subjectName: String?
    package let organizationID: OrganizationID
    /// Of a peer or a gateway.
    package let networkID: NetworkID?
    /// The gateway, or that of the peer.
    package let gatewayID: GatewayID?
    package var limits: UsageLimits
    /// Nil without a quota.
    package var use: QuotaUse?
    package let createdAt: Timestamp
    /// When the limits were last set, whatever is used since.
    package var updatedAt: Timestamp

    package init(
        subject: LimitSubject,
        subjectName: String? = nil,
        organizationID: OrganizationID,
        networkID: NetworkID? = nil,
        gatewayID: GatewayID? = nil,
        limits: UsageLimits,
        use: QuotaUse? = nil,
        createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.subject = subject
        self.subjectName = subjectName
        self.organizationID = organizationID
        self.networkID = networkID
        self.gatewayID = gatewayID
        self.limits = limits
        self.use = use
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// As it is at a moment: in a period in which nothing was counted yet, nothing is used.
    package func asOf(_ time: Timestamp) -> LimitSetting {
        var setting = self
        setting.use = limits.quota?.use(use, at: time)
        return setting
    }

    /// Nil without a quota.
    package var quotaState: QuotaState? {
        guard let quota = limits.quota, let use else { return nil }
        return quota.state(whenUsed: use.bytes)
    }
}

/// Which limits are asked for. Nil leaves a condition out.
package struct LimitFilter: Equatable, Sendable {
    package var kind: LimitSubject.LimitedKind?
    package var state: QuotaState?
    /// Of what is limited.
    package var subjectID: String?

    package init(
        kind: LimitSubject.LimitedKind? = nil,
        state: QuotaState? = nil,
        subjectID: String? = nil
    ) {
        self.kind = kind
        self.state = state
        self.subjectID = subjectID
    }
}
