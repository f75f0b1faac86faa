import APIContract
import GatewayClient
import GatewayDomain

/// What peers, gateways and organizations may use.
enum LimitsNoun: Noun {
    typealias Object = LimitSetting

    static let word = "limits"
    static let phrase = "limit"
    static let plural = "limits"
    static let resource = Resource.limits

    static func id(of limits: Answer) -> String { limits.subjectID }
    static func name(of limits: Answer) -> String? { nil }

    static let columns: [Column<Answer>] = [
        Column("of") { .text($0.subjectType.known?.word ?? $0.subjectType.text) },
        Column("name", needing: .gateways, peer: \.peerID) { limits, names in
            .text(names.name(of: limits.subjectID))
        },
        Column("up", meaning: "the rate from the peers") { rate($0.rxRate) },
        Column("down", meaning: "the rate to the peers") { rate($0.txRate) },
        Column("connected-peers", short: "peers") { limits in
            limits.connectedPeers.map { .number($0) } ?? .none
        },
        Column("quota") { limits in limits.quota.map { .decimalBytes($0.bytes) } ?? .none },
        Column("on-quota") { .text(action(of: $0)) },
        Column("used") { limits in
            limits.quotaUse.map { .decimalBytes($0.usedBytes) } ?? .none
        },
        Column("percent") { .text(percent(of: $0)) },
        Column("state") { limits in
            limits.quotaUse.map { .state($0.state.text, $0.state.mood) } ?? .none
        },
        Column("resets") { .time($0.quotaUse?.resetsAt) },
        Column("id", wide: true) { .text($0.subjectID) },
        Column("reset-day", wide: true) { limits in
            limits.quota.map { .number($0.resetDay) } ?? .none
        },
        Column("gateway", wide: true, needing: .gateways) { limits, names in
            limits.gatewayID.map { .text(names.name(of: $0)) } ?? .none
        },
        Column("updated", wide: true) { .time($0.updatedAt) },
    ]

    private static func action(of limits: Answer) -> String? {
        guard let quota = limits.quota else { return nil }
        guard let rate = quota.throttleRate else { return quota.action.text }
        return "\(quota.action.text):\(Quantity.text(rate, "bit/s"))"
    }

    private static func percent(of limits: Answer) -> String? {
        guard let quota = limits.quota, let use = limits.quotaUse, quota.bytes > 0 else {
            return nil
        }
        return "\(use.usedBytes / max(quota.bytes / 100, 1)) %"
    }

    private static func rate(_ rate: UInt64?) -> Cell { rate.map { .rate($0) } ?? .none }
}

extension Decoded<LimitsMembers> {
    fileprivate var peerID: PeerID? {
        self.subjectType == LimitSubject.LimitedKind.peer ? PeerID(self.subjectID) : nil
    }
}

extension LimitSubject.LimitedKind {
    /// As the command line calls it.
    fileprivate var word: String {
        switch self {
        case .peer: PeerNoun.word
        case .gateway: GatewayNoun.word
        case .organization: OrganizationNoun.word
        }
    }
}

extension Word<QuotaState> {
    fileprivate var mood: Cell.Mood {
        switch known {
        case .within: .good
        case .nearing: .waiting
        case .usedUp: .bad
        case nil: .plain
        }
    }
}
