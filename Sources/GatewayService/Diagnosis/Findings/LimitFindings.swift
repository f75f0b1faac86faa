import GatewayDomain
import GatewayStore

/// Which limits of the peer, of its gateway and of its organization keep packets back.
extension PeerEvidence {
    var limitFindings: [Finding] { limits.flatMap(findings) }

    /// In the order in which packets meet them.
    var limitSubjects: [LimitSubject] {
        [.peer(peer.id), .gateway(gateway.id), .organization(gateway.organizationID)]
    }

    /// - Parameter settings: those of other peers may be among them.
    mutating func setLimits(_ settings: [LimitSubject: LimitSetting]) {
        limits = limitSubjects.compactMap { settings[$0]?.asOf(now) }
    }

    mutating func readLimits(_ db: any SQLConnection) throws {
        setLimits(try LimitSettings.bySubject(limitSubjects, db))
    }

    private func findings(_ setting: LimitSetting) -> [Finding] {
        [quotaFinding(setting), rateFinding(setting), connectionFinding(setting)]
            .compactMap(\.self)
    }

    private func quotaFinding(_ setting: LimitSetting) -> Finding? {
        let reason =
            setting.isThrottled ? setting.subject.rateExceeded : setting.subject.quotaUsedUp
        // What was dropped before was kept back by another quota.
        let kept = drop(reason).flatMap { $0.last >= setting.updatedAt ? $0 : nil }
        return setting.quotaFinding(setting.limits.quota?.action == .warn ? nil : kept)
    }

    private func rateFinding(_ setting: LimitSetting) -> Finding? {
        // What a quota has throttled exceeds the rate of that.
        guard setting.limits.hasRate, !setting.isThrottled,
            let drop = drop(setting.subject.rateExceeded)
        else { return nil }
        let rates = [
            setting.limits.rxRate.map { "\($0) bits per second from the peers" },
            setting.limits.txRate.map { "\($0) bits per second to the peers" },
        ].compactMap(\.self).joined(separator: " and ")
        return Finding(
            .rateExceeded,
            .warning,
            "Packets were dropped that exceeded the rate of \(setting.title), \(rates).",
            nextStep: setting.step(or: "Do nothing where that is meant so: TCP adapts to the rate"),
            command: setting.command,
            count: drop.count,
            lastAt: drop.last
        )
    }

    /// Drops name no level: each that has a limit may be the one.
    private func connectionFinding(_ setting: LimitSetting) -> Finding? {
        guard let most = setting.limits.connectedPeers, let drop = drop(.connectedPeersExceeded),
            peer.activity.latestHandshakeAt.map({ $0 < drop.last }) ?? true
        else { return nil }
        return Finding(
            .connectedPeersExceeded,
            .error,
            certainty: .likely,
            """
            Handshakes of the peer were refused, because others were connected already: the limit of \(setting.title) \
            is \(most) connected peers.
            """,
            nextStep: setting.step(or: "Disconnect another peer"),
            command: setting.command,
            count: drop.count,
            lastAt: drop.last
        )
    }

    /// The newest of a reason, with the count of all.
    private func drop(_ reason: DropCause?) -> (count: Int, last: Timestamp)? {
        guard let reason, let newest = drops(reason).first else { return nil }
        return (drops(reason).reduce(0) { $0 + $1.count }, newest.last)
    }
}

extension LimitSettings {
    static func bySubject(
        _ subjects: [LimitSubject],
        _ db: any SQLConnection
    ) throws -> [LimitSubject: LimitSetting] {
        let all = try all(of: subjects, readsNames: true, db)
        return Dictionary(uniqueKeysWithValues: all.map { ($0.subject, $0) })
    }
}

extension LimitSetting {
    /// What is limited, as people call it.
    var title: String {
        let name = subjectName.map { "'\($0)'" } ?? subject.id
        return switch subject {
        case .peer: "peer \(name)"
        case .gateway: "gateway \(name)"
        case .organization: "organization \(name)"
        }
    }

    var isThrottled: Bool {
        guard quotaState == .usedUp, case .throttle? = limits.quota?.action else { return false }
        return true
    }

    /// Nil where nothing is used up.
    ///
    /// - Parameter drop: packets that the quota kept back.
    func quotaFinding(_ drop: (count: Int, last: Timestamp)? = nil) -> Finding? {
        guard let quota = limits.quota, let use, quotaState == .usedUp else { return nil }
        let end = quota.period(at: use.periodStart.start).upperBound.start
        let what = "The quota of \(title), \(quota.bytes) bytes in a month, is used up"
        let (severity, effect): (Severity, String) =
            switch quota.action {
            case .warn: (.info, ". Packets pass all the same.")
            case .throttle(let rate):
                (
                    .warning,
                    ": until \(end), packets pass at \(rate) bits per second at most in each direction."
                )
            case .block: (.error, ": no packet passes until \(end).")
            }
        return Finding(
            .quotaUsedUp,
            severity,
            what + effect,
            nextStep: severity == .info ? nil : step(or: "Wait until then"),
            command: severity == .info ? nil : command,
            count: drop?.count,
            lastAt: drop?.last
        )
    }

    func step(or other: String) -> String {
        switch subject {
        case .peer, .gateway: "\(other), or raise the limit."
        case .organization: "\(other), or ask the operator of the server to raise the limit."
        }
    }

    var command: String {
        switch subject {
        case .peer(let id): "wgw peer limit \(id)"
        case .gateway(let id): "wgw gateway limit \(id)"
        case .organization: "wgw limits"
        }
    }
}

extension UsageLimits {
    fileprivate var hasRate: Bool { rxRate != nil || txRate != nil }
}

extension DropCause {
    /// Those of limits that are met by what is sent; what a quota keeps back is known from its use.
    static let limitsMet: Set<DropCause> = [
        .rateExceeded, .gatewayRateExceeded, .organizationRateExceeded, .connectedPeersExceeded,
    ]
}

extension LimitSubject {
    fileprivate var rateExceeded: DropCause {
        switch self {
        case .peer: .rateExceeded
        case .gateway: .gatewayRateExceeded
        case .organization: .organizationRateExceeded
        }
    }

    fileprivate var quotaUsedUp: DropCause {
        switch self {
        case .peer: .quotaUsedUp
        case .gateway: .gatewayQuotaUsedUp
        case .organization: .organizationQuotaUsedUp
        }
    }
}
