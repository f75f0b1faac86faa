package import GatewayDomain
import GatewayStore

extension Verb<LimitSetting> {
    /// Sets limits in the place of those that are there; where it sets none, nothing is limited any more, and nothing is kept. A
    /// quota begins with what was used in its present period already.
    package static func setLimits(
        of subject: LimitSubject,
        _ request: NewLimits,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: subject.permissionToLimit) { tx, caller in
            guard let place = try subject.place(for: caller, tx.db) else {
                throw ServiceError.notFound
            }
            let old = try LimitSettings.find(subject, reading: .forDeletion, tx.db)
            try precondition.check(old?.updatedAt)
            var reader = FieldReader()
            let limits = try reader.limits(request, of: subject)
            if let old, old.limits == limits, !limits.isEmpty { return old.asOf(tx.time) }
            let setting = LimitSetting(
                subject: subject,
                subjectName: place.subjectName,
                organizationID: place.organizationID,
                networkID: place.networkID,
                gatewayID: place.gatewayID,
                limits: limits,
                use: try limits.quota.map { try tx.use(of: subject, $0, known: old?.use) },
                createdAt: old?.createdAt ?? tx.time,
                updatedAt: tx.time
            )
            guard !limits.isEmpty else {
                if let old { try tx.delete(old) }
                return setting
            }
            try LimitSettings.put(setting, tx.db)
            if let old {
                try tx.journal.updated(.limits(old), to: .limits(setting))
            } else {
                try tx.journal.created(.limits(setting))
            }
            return setting
        }
    }

    /// Takes all limits away.
    package static func deleteLimits(
        of subject: LimitSubject,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: subject.permissionToLimit) { tx, caller in
            guard try subject.place(for: caller, tx.db) != nil,
                let setting = try LimitSettings.find(subject, reading: .forDeletion, tx.db)
            else { throw ServiceError.notFound }
            try precondition.check(setting.updatedAt)
            try tx.delete(setting)
            return setting.asOf(tx.time)
        }
    }
}

extension Transaction {
    /// The schema would delete limits with their subjects as well, but write no journal entries.
    func deleteLimits(of subjects: [LimitSubject]) throws {
        for setting in try LimitSettings.all(of: subjects, readsNames: true, db) {
            try delete(setting)
        }
    }

    fileprivate func delete(_ setting: LimitSetting) throws {
        try LimitSettings.delete(setting.subject, db)
        try journal.deleted(.limits(setting))
    }
}

extension LimitSubject {
    /// What the whole organization may use is for the operator to say.
    fileprivate var permissionToLimit: Permission {
        switch self {
        case .peer, .gateway: .role(.member)
        case .organization: .unrestricted(.admin)
        }
    }
}

extension FieldReader {
    /// - Throws: all that is wrong with the request.
    fileprivate mutating func limits(
        _ request: NewLimits,
        of subject: LimitSubject
    ) throws -> UsageLimits {
        let rxRate = optional(request.rxRate)
        let txRate = optional(request.txRate)
        let quota = quota(request.quota)
        let connectedPeers = optional(request.connectedPeers) { _ in
            subject.kind == .peer ? .invalid("is for gateways and organizations") : nil
        }
        try finish()
        return UsageLimits(
            rxRate: rxRate,
            txRate: txRate,
            quota: quota,
            connectedPeers: connectedPeers
        )
    }

    /// Nil also for one with mistakes, which are reported.
    private mutating func quota(_ field: Field<NewQuota>) -> MonthlyQuota? {
        guard let quota = optional(field) else { return nil }
        let bytes = required(quota.bytes)
        let kind = required(quota.action).known
        let rate: UInt64? =
            switch kind {
            case .throttle: required(quota.throttleRate).known
            case .warn, .block:
                optional(quota.throttleRate) { _ in
                    .invalid("must be null unless `action` is `throttle`")
                }
            case nil: optional(quota.throttleRate)
            }
        let resetDay = value(quota.resetDay, default: MonthlyQuota.resetDays.lowerBound)
        let action: MonthlyQuota.Action? =
            switch kind {
            case .warn: .warn
            case .block: .block
            case .throttle: rate.map { .throttle($0) }
            case nil: nil
            }
        guard let bytes = bytes.known, let action, let resetDay = resetDay.known else { return nil }
        return MonthlyQuota(bytes: bytes, action: action, resetDay: resetDay)
    }
}
