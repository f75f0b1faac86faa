import APIContract
import GatewayClient
import GatewayDomain

/// Quotas that are used up and keep packets back: of peers, of their gateways and of the organization.
struct UsedUpQuotas: Sendable {
    private var actions: [String: MonthlyQuota.Action.QuotaActionKind] = [:]
    private var ofOrganization: MonthlyQuota.Action.QuotaActionKind?

    var isEmpty: Bool { actions.isEmpty && ofOrganization == nil }

    /// None of a server of an earlier version, which has no limits.
    static func reading(_ client: GatewayClient) async throws -> UsedUpQuotas {
        var quotas = UsedUpQuotas()
        let query = ListQuery([(QuotaUseMembers.state.name, QuotaState.usedUp.rawValue)])
        do {
            for limits in try await client.all(.limits, [query]) { quotas.add(limits) }
        } catch ClientError.refused(let refusal) where refusal.status == 404 {}
        return quotas
    }

    private mutating func add(_ limits: Decoded<LimitsMembers>) {
        guard let action = limits.quota?.action.known, action != .warn else { return }
        if limits.subjectType == .organization {
            ofOrganization = action
        } else {
            actions[limits.subjectID] = action
        }
    }

    /// What they do to a peer, and whose quota does so where it is not the peer's own; nil for nothing.
    func effect(on peer: Decoded<PeerMembers>) -> Effect? {
        let found = [
            (actions["\(peer.id)"], nil), (actions["\(peer.gatewayID)"], "gateway"),
            (ofOrganization, "organization"),
        ]
        let worst = found.first { $0.0 == .block } ?? found.first { $0.0 == .throttle }
        return worst.map { Effect(isBlocked: $0.0 == .block, whose: $0.1) }
    }

    struct Effect {
        let isBlocked: Bool
        /// Nil for the peer's own.
        let whose: String?

        var word: Cell { cell("") }
        var cell: Cell { cell(whose.map { " (\($0))" } ?? "") }

        private func cell(_ end: String) -> Cell {
            isBlocked ? .state("blocked" + end, .bad) : .state("throttled" + end, .waiting)
        }
    }
}
