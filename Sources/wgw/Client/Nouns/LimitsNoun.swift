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
    static func name(of limits: Answer) -> String? { limits.subjectName }

    static let columns: [Column<Answer>] = [
        Column("of") { .text($0.subjectType.known?.word ?? $0.subjectType.text) },
        Column("name") { .text($0.subjectName ?? $0.subjectID) },
        Column("up", meaning: "the rate from the peers") { rate($0.rxRate) },
        Column("down", meaning: "the rate to the peers") { rate($0.txRate) },
        Column("connected-peers", short: "peers") { limits in
            limits.connectedPeers.map { .number($0) } ?? .none
        },
        Column("quota") { limits in limits.quota.map { .decimalBytes($0.bytes) } ?? .none },
        Column("on-quota", short: "then", meaning: "what happens when the quota is used up") {
            .text($0.quota?.action.text)
        },
        Column("used", meaning: "how much of the quota is used, rounded down") { used($0) },
        Column("used-bytes", wide: true) { limits in
            limits.quotaUse.map { .decimalBytes($0.usedBytes) } ?? .none
        },
        Column("state", wide: true) { limits in
            limits.quotaUse.map { .state($0.state.words, $0.state.mood) } ?? .none
        },
        Column("resets", wide: true) { .time($0.quotaUse?.resetsAt) },
        Column("throttle-rate", wide: true) { rate($0.quota?.throttleRate) },
        Column("id", wide: true) { .text($0.subjectID) },
        Column("reset-day", wide: true) { limits in
            limits.quota.map { .number($0.resetDay) } ?? .none
        },
        Column("gateway", wide: true, needing: .gateways) { limits, names in
            limits.gatewayID.map { .text(names.name(of: $0)) } ?? .none
        },
        Column("updated", wide: true) { .time($0.updatedAt) },
    ]

    private static func used(_ limits: Answer) -> Cell {
        guard let quota = limits.quota, let use = limits.quotaUse else { return .none }
        let state = use.state.known ?? .within
        let percent = state.percent(used: use.usedBytes, of: quota.bytes)
        return .state("\(percent) %", use.state.mood)
    }

    private static func rate(_ rate: UInt64?) -> Cell { rate.map { .rate($0) } ?? .none }
}

extension LimitSubject.LimitedKind {
    /// As the command line calls it.
    var word: String {
        switch self {
        case .peer: PeerNoun.word
        case .gateway: GatewayNoun.word
        case .organization: OrganizationNoun.word
        }
    }
}

extension Word<QuotaState> {
    fileprivate var words: String { text.replacing("_", with: " ") }

    fileprivate var mood: Cell.Mood {
        switch known {
        case .within: .good
        case .nearing: .waiting
        case .usedUp: .bad
        case nil: .plain
        }
    }
}
