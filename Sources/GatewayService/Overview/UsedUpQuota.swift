import GatewayDomain
import GatewayStore

/// A quota that is used up, for the overview.
struct UsedUpQuota {
    let setting: LimitSetting
    /// Of the peer or gateway; nil where it has none.
    let name: String?

    /// Those that keep packets back, the oldest first.
    static func all(
        in scope: Scope,
        at now: Timestamp,
        limit: Int,
        _ db: any SQLConnection
    ) throws -> [UsedUpQuota] {
        try LimitSettings.keepingBack(in: scope, at: now, limit: limit, db).map { setting in
            let name: String? =
                switch setting.subject {
                case .peer(let id): try Peers.find(id, in: scope, reading: .forDeletion, db)?.title
                case .gateway(let id):
                    try Gateways.find(id, in: scope, reading: .forDeletion, db)?.title
                case .organization: nil
                }
            return UsedUpQuota(setting: setting, name: name)
        }
    }

    /// Nil where it only warns.
    var remark: Remark? {
        guard let quota = setting.limits.quota, let use = setting.use else { return nil }
        let end = quota.period(at: use.periodStart.start).upperBound.start
        switch quota.action {
        case .warn:
            return nil
        case .block:
            return remark(.error, "no packet passes until \(end)")
        case .throttle(let rate):
            return remark(.warning, "until \(end), packets pass at \(rate) bits per second at most")
        }
    }

    private func remark(_ severity: Severity, _ effect: String) -> Remark {
        Remark(
            .quotaUsedUp,
            severity,
            count: 1,
            "The quota of \(title) is used up: \(effect).",
            nextStep: setting.subject.kind == .organization
                ? "Wait until then, or ask the operator of the server to raise it."
                : "Wait until then, or raise it.",
            command: "wgw limits --state used_up"
        )
    }

    private var title: String {
        switch setting.subject {
        case .peer: "peer \(name ?? setting.subject.id)"
        case .gateway: "gateway \(name ?? setting.subject.id)"
        case .organization: "the organization"
        }
    }
}

extension Peer {
    /// What people call it.
    fileprivate var title: String { name.map { "'\($0)'" } ?? "\(address)" }
}
