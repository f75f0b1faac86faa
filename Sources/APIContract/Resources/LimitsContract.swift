package import GatewayDomain

extension NewLimits: APIRequest {
    package static let contract = RequestContract<NewLimits>(
        "NewLimits",
        "A request to set the limits of a peer, a gateway or an organization. What it does not name is not limited.",
        [
            .optional(LimitsMembers.rxRate, \.rxRate),
            .optional(LimitsMembers.txRate, \.txRate),
            .optional(
                Member("quota", Codec<NewQuota>.request(NewQuota.self), LimitsMembers.aboutQuota),
                \.quota
            ),
            .optional(LimitsMembers.connectedPeers, \.connectedPeers),
        ]
    )
}

extension NewQuota: APIRequest {
    package static let contract = RequestContract<NewQuota>(
        "NewQuota",
        "A quota in a request that sets limits.",
        [
            .required(QuotaMembers.bytes, \.bytes),
            .required(QuotaMembers.action, \.action),
            .optional(QuotaMembers.throttleRate, \.throttleRate),
            .optional(
                QuotaMembers.resetDay.described(
                    "\(QuotaMembers.aboutResetDay) It is the first where it is left out."
                ),
                \.resetDay
            ),
        ]
    )
}

extension LimitSetting: APIObject {
    package static let contract = AnswerContract(
        "Limits",
        "What a peer, all peers of a gateway or all peers of an organization together may use.",
        LimitsMembers()
    )
}

/// Bytes and bits of all members are those of packets inside of the tunnel.
package struct LimitsMembers: AnswerMembers {
    package typealias Object = LimitSetting

    package static let subjectType = Member(
        "subject_type",
        Codec<LimitSubject.LimitedKind>.word,
        "The kind of what is limited."
    )
    package static let subjectID = Member(
        "subject_id",
        Codec<String>.text(example: "e5f1a7b2-6c4d-4f3e-9a8b-1c2d3e4f5a6b"),
        "The id of the peer, the gateway or the organization that is limited."
    )
    static let subjectName = Member(
        "subject_name",
        Codec<String>.text(example: "laptop"),
        """
        The name of the peer, the gateway or the organization that is limited; of a peer without a name its address, of a \
        gateway without one null.
        """
    )
    static let rxRate = Member(
        "rx_rate",
        Codec<UInt64>.rate,
        "The largest rate from the peers, in bits per second inside of the tunnel, or null for no limit."
    )
    static let txRate = Member(
        "tx_rate",
        Codec<UInt64>.rate,
        "The largest rate to the peers, in bits per second inside of the tunnel, or null for no limit."
    )
    static let connectedPeers = Member(
        "connected_peers",
        Codec<Int>.integer(in: UsageLimits.connectedPeersRange),
        "How many peers of a gateway or an organization may be connected at a time, or null for no limit."
    )
    fileprivate static let aboutQuota = "What may be used in a month, or null for no limit."

    package let recordType = AnswerMember<LimitSetting, String>(recordType: "limits")
    package let subjectType = AnswerMember(
        word: Self.subjectType,
        \LimitSetting.subject.kind
    )
    package let subjectID = AnswerMember(Self.subjectID) { (setting: LimitSetting) in
        setting.subject.id
    }
    package let subjectName = AnswerMember(nullable: Self.subjectName, \LimitSetting.subjectName)
    package let organizationID = AnswerMember(
        Member(
            "organization_id",
            Codec<OrganizationID>.id(),
            "The id of the organization that is limited, or that has what is limited."
        ),
        \LimitSetting.organizationID
    )
    package let networkID = AnswerMember(
        nullable: Member(
            "network_id",
            Codec<NetworkID>.id(),
            "The id of the network of the peer or the gateway, or null for limits of an organization."
        ),
        \LimitSetting.networkID
    )
    package let gatewayID = AnswerMember(
        nullable: Member(
            "wireguard_interface_id",
            Codec<GatewayID>.id(),
            "The id of the gateway, or of the peer's gateway, or null for limits of an organization."
        ),
        \LimitSetting.gatewayID
    )
    package let rxRate = AnswerMember(nullable: Self.rxRate, \LimitSetting.limits.rxRate)
    package let txRate = AnswerMember(nullable: Self.txRate, \LimitSetting.limits.txRate)
    package let quota = AnswerMember(
        nullable: Member(
            "quota",
            Codec<Part<MonthlyQuota>>.part(of: MonthlyQuota.self),
            Self.aboutQuota
        )
    ) { (setting: LimitSetting) in setting.limits.quota.map { .made($0) } }
    package let connectedPeers = AnswerMember(
        nullable: Self.connectedPeers,
        \LimitSetting.limits.connectedPeers
    )
    package let quotaUse = AnswerMember(
        nullable: Member(
            "quota_use",
            Codec<Part<ShownQuotaUse>>.part(of: ShownQuotaUse.self),
            "What of the quota is used, or null without a quota."
        )
    ) { (setting: LimitSetting) in ShownQuotaUse(setting).map { .made($0) } }
    package let createdAt = AnswerMember(
        Member("created_at", .time, "The time at which the first of the limits was set."),
        \LimitSetting.createdAt
    )
    package let updatedAt = AnswerMember(
        Member("updated_at", .time, "The time at which the limits were last set."),
        \LimitSetting.updatedAt
    )
}

extension MonthlyQuota: APIObject {
    package static let contract = AnswerContract(
        "Quota",
        "What may be used in a month.",
        QuotaMembers()
    )
}

package struct QuotaMembers: AnswerMembers {
    package typealias Object = MonthlyQuota

    static let bytes = Member(
        "bytes",
        Codec<UInt64>.integer(
            in: Int(MonthlyQuota.sizes.lowerBound)...Int(MonthlyQuota.sizes.upperBound)
        ),
        "The number of bytes inside of the tunnel that may be used in a month, received and sent."
    )
    static let action = Member(
        "action",
        Codec<MonthlyQuota.Action.QuotaActionKind>.word,
        """
        What happens when they are used: `warn` for nothing but events, `throttle` for packets at a lower rate, \
        `block` for no packets until the next month begins.
        """
    )
    static let throttleRate = Member(
        "throttle_rate",
        Codec<UInt64>.rate,
        "The rate in either direction when the quota is used, in bits per second, with the action `throttle` alone."
    )
    static let aboutResetDay =
        "The day of the month with whose beginning in UTC a new month of the quota begins."
    static let resetDay = Member(
        "reset_day",
        Codec<Int>.integer(in: MonthlyQuota.resetDays),
        aboutResetDay
    )

    package let bytes = AnswerMember(Self.bytes, \MonthlyQuota.bytes)
    package let action = AnswerMember(word: Self.action, \MonthlyQuota.action.kind)
    package let throttleRate = AnswerMember(
        nullable: Self.throttleRate,
        \MonthlyQuota.action.throttleRate
    )
    package let resetDay = AnswerMember(Self.resetDay, \MonthlyQuota.resetDay)
}

/// What of a quota is used, as it is shown.
package struct ShownQuotaUse: Equatable, Sendable {
    let period: Range<UsageHour>
    let bytes: UInt64
    let state: QuotaState

    /// Nil without a quota.
    package init?(_ setting: LimitSetting) {
        guard let quota = setting.limits.quota, let use = setting.use else { return nil }
        period = quota.period(at: use.periodStart.start)
        bytes = use.bytes
        state = quota.state(whenUsed: use.bytes)
    }
}

extension ShownQuotaUse: APIObject {
    package static let contract = AnswerContract(
        "QuotaUse",
        "What of a quota is used in its present month.",
        QuotaUseMembers()
    )
}

package struct QuotaUseMembers: AnswerMembers {
    package typealias Object = ShownQuotaUse

    package static let state = Member(
        "state",
        Codec<QuotaState>.word,
        "How much is used: `within` below 80 percent, `nearing` from there on, `used_up` when it is all of it."
    )

    package let periodStart = AnswerMember(
        Member(
            "period_start",
            Codec<Timestamp>.time,
            "The time at which the month of the quota began."
        )
    ) { (use: ShownQuotaUse) in use.period.lowerBound.start }
    package let resetsAt = AnswerMember(
        Member(
            "resets_at",
            Codec<Timestamp>.time,
            "The time at which the next month of the quota begins."
        )
    ) { (use: ShownQuotaUse) in use.period.upperBound.start }
    package let usedBytes = AnswerMember(
        Member(
            "used_bytes",
            Codec<UInt64>.count,
            "The number of bytes inside of the tunnel that were used since, received and sent."
        ),
        \ShownQuotaUse.bytes
    )
    package let state = AnswerMember(word: Self.state, \ShownQuotaUse.state)
}

extension Codec<UInt64> {
    /// Bits per second.
    fileprivate static var rate: Codec {
        .integer(in: Int(UsageLimits.rates.lowerBound)...Int(UsageLimits.rates.upperBound))
    }
}
