package import GatewayDomain
import NetAddress

/// Every statement about limits, and about what of quotas is used, is here.
package enum LimitSettings {
    /// In the place of those that the subject has.
    package static func put(
        _ setting: LimitSetting,
        _ db: any SQLConnection
    ) throws(StoreError) {
        let (limits, quota) = (setting.limits, QuotaColumns(setting))
        try db.execute(
            """
            INSERT INTO usage_limit (subject_id, organization_id, network_id, gateway_id, peer_id, rx_rate,
                tx_rate, connected_peers, quota_bytes, quota_action, throttle_rate, reset_day,
                quota_start, quota_end, used_bytes, created_at, updated_at, created_revision)
            VALUES (\(setting.subject.id), \(setting.organizationID), \(setting.networkID),
                \(setting.gatewayID), \(setting.subject.peerID), \(limits.rxRate), \(limits.txRate),
                \(limits.connectedPeers), \(quota.bytes), \(quota.action), \(quota.throttleRate),
                \(quota.resetDay), \(quota.start), \(quota.end), \(quota.used),
                \(setting.createdAt), \(setting.updatedAt), \(Events.nextRevision))
            ON CONFLICT (subject_id) DO UPDATE SET rx_rate = excluded.rx_rate,
                tx_rate = excluded.tx_rate, connected_peers = excluded.connected_peers,
                quota_bytes = excluded.quota_bytes, quota_action = excluded.quota_action,
                throttle_rate = excluded.throttle_rate, reset_day = excluded.reset_day,
                quota_start = excluded.quota_start, quota_end = excluded.quota_end,
                used_bytes = excluded.used_bytes, updated_at = excluded.updated_at
            """
        )
    }

    /// Stores what is used, and nothing else.
    package static func setUse(
        of setting: LimitSetting,
        _ db: any SQLConnection
    ) throws(StoreError) {
        let quota = QuotaColumns(setting)
        try db.send(
            """
            UPDATE usage_limit SET quota_start = \(quota.start), quota_end = \(quota.end),
                used_bytes = \(quota.used)
            WHERE subject_id = \(setting.subject.id)
            """
        )
    }

    package static func find(
        _ subject: LimitSubject,
        reading: Reading = .strict,
        _ db: any SQLConnection
    ) throws(StoreError) -> LimitSetting? {
        try db.object(
            "SELECT \(columns), \(name) FROM usage_limit WHERE subject_id = \(subject.id)",
            in: "usage_limit",
            id: "subject_id",
            reading: reading
        ) { row throws(StoreError) in try named(row, of: subject) }
    }

    package static func delete(
        _ subject: LimitSubject,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute("DELETE FROM usage_limit WHERE subject_id = \(subject.id)")
    }

    /// Those of these subjects that can be read.
    ///
    /// - Parameter readsNames: for people and the journal. Limits hold without.
    package static func all(
        of subjects: [LimitSubject],
        readsNames: Bool = false,
        _ db: any SQLConnection
    ) throws(StoreError) -> [LimitSetting] {
        var found: [LimitSetting] = []
        var rest = subjects.map(\.id)[...]
        while !rest.isEmpty {
            let some = SQL.list(Array(rest.prefix(100)))
            rest = rest.dropFirst(100)
            let condition: SQL = "subject_id IN (\(some)) ORDER BY subject_id"
            // Each number of ids makes another text.
            found += try readable(condition.notKept, readsNames: readsNames, db)
        }
        return found
    }

    /// Those of the gateways that a node has, of their peers and of their organizations.
    package static func all(
        on node: NodeID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [LimitSetting] {
        try readable(
            """
            gateway_id IN (SELECT id FROM gateway WHERE node_id = \(node))
                OR gateway_id IS NULL
                AND subject_id IN (SELECT organization_id FROM gateway WHERE node_id = \(node))
            """,
            db
        )
    }

    /// Of the peers of a gateway, and its own.
    package static func all(
        ofPeersOf gateway: GatewayID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [LimitSetting] {
        try readable("gateway_id = \(gateway)", db)
    }

    package static func list(
        in scope: Scope,
        _ filter: LimitFilter,
        at now: Timestamp,
        page: Page,
        _ db: any SQLConnection
    ) throws(StoreError) -> PageOf<LimitSetting> {
        var condition = SQL.isIn(scope, network: "network_id")
        switch filter.kind {
        case .peer: condition.append(" AND peer_id IS NOT NULL")
        case .gateway: condition.append(" AND peer_id IS NULL AND gateway_id IS NOT NULL")
        case .organization: condition.append(" AND gateway_id IS NULL")
        case nil: break
        }
        if let id = filter.subjectID { condition.append(" AND subject_id = \(id)") }
        if let state = filter.state {
            condition.append(" AND \(isIn(state, at: UsageHour(of: now)))")
        }
        return PageOf(
            elements: try readable(
                """
                \(condition) ORDER BY created_revision, subject_id
                LIMIT \(page.size) OFFSET \(page.offset)
                """,
                readsNames: true,
                db
            ),
            page: page,
            totalResults: try db.number(
                "SELECT count(*) AS value FROM usage_limit WHERE \(condition)"
            )
        )
    }

    /// Those whose quotas are used up and keep packets back for that, the oldest first.
    package static func keepingBack(
        in scope: Scope,
        at now: Timestamp,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> [LimitSetting] {
        try readable(
            """
            \(SQL.isIn(scope, network: "network_id"))
                AND \(isIn(.usedUp, at: UsageHour(of: now)))
                AND quota_action <> \(MonthlyQuota.Action.QuotaActionKind.warn)
            ORDER BY created_revision, subject_id LIMIT \(limit)
            """,
            readsNames: true,
            db
        )
    }

    /// Those of the gateways that have a peer with a quota.
    package static func havingPeersWithQuotas(
        _ gateways: [GatewayID],
        _ db: any SQLConnection
    ) throws(StoreError) -> Set<GatewayID> {
        var found: Set<GatewayID> = []
        var rest = gateways[...]
        while !rest.isEmpty {
            let some = SQL.list(Array(rest.prefix(100)))
            rest = rest.dropFirst(100)
            let sql: SQL = """
                SELECT id FROM gateway WHERE id IN (\(some)) AND EXISTS (
                    SELECT 1 FROM usage_limit WHERE usage_limit.gateway_id = gateway.id
                        AND peer_id IS NOT NULL AND quota_end IS NOT NULL)
                """
            for row in try db.rows(sql.notKept) { found.insert(try row.value("id")) }
        }
        return found
    }

    /// Whether there is any quota in the installation.
    package static func haveQuotas(_ db: any SQLConnection) throws(StoreError) -> Bool {
        try db.number(
            """
            SELECT EXISTS (SELECT 1 FROM usage_limit WHERE quota_end IS NOT NULL) AS value
            """
        ) == 1
    }

    /// Those of whose quotas much was used in a period that is over.
    package static func ended(
        at now: Timestamp,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> [LimitSetting] {
        try readable(
            """
            quota_end <= \(UsageHour(of: now)) AND \(isMuch) ORDER BY quota_end LIMIT \(limit)
            """,
            db
        )
    }

    /// As `MonthlyQuota.state` has it. Uses are bounded so that no product is too large.
    private static let isUsedUp: SQL = "used_bytes + \(MonthlyQuota.largestRest) > quota_bytes"
    private static let isMuch: SQL = "used_bytes * 10 >= quota_bytes * 8"

    private static func isIn(_ state: QuotaState, at hour: UsageHour) -> SQL {
        switch state {
        case .within: "(quota_end <= \(hour) OR NOT \(isMuch))"
        case .nearing: "quota_end > \(hour) AND \(isMuch) AND NOT \(isUsedUp)"
        case .usedUp: "quota_end > \(hour) AND \(isUsedUp)"
        }
    }

    private static let columns: SQL = """
        subject_id, organization_id, network_id, gateway_id, peer_id, rx_rate, tx_rate, connected_peers,
        quota_bytes, quota_action, throttle_rate, reset_day, quota_start, used_bytes, created_at,
        updated_at
        """

    private static let name: SQL = """
        CASE WHEN peer_id IS NOT NULL THEN (SELECT name FROM peer WHERE id = usage_limit.peer_id)
            WHEN gateway_id IS NOT NULL
                THEN (SELECT name FROM gateway WHERE id = usage_limit.gateway_id)
            ELSE (SELECT name FROM organization WHERE id = usage_limit.organization_id)
            END AS subject_name,
        (SELECT address FROM peer WHERE id = usage_limit.peer_id) AS peer_address
        """

    private static func readable(
        _ condition: SQL,
        readsNames: Bool = false,
        _ db: any SQLConnection
    ) throws(StoreError) -> [LimitSetting] {
        let all: SQL = readsNames ? "\(columns), \(name)" : columns
        return try db.readable(
            "SELECT \(all) FROM usage_limit WHERE \(condition)",
            in: "usage_limit",
            id: "subject_id"
        ) { row throws(StoreError) in
            let subject = try subject(row)
            return readsNames ? try named(row, of: subject) : try setting(row, of: subject)
        }
    }

    /// What has a name that cannot be read is limited all the same.
    private static func named(
        _ row: Row,
        of subject: LimitSubject
    ) throws(StoreError) -> LimitSetting {
        var setting = try setting(row, of: subject)
        do throws(StoreError) {
            let address: IPv4Address? = try row.optional("peer_address")
            setting.subjectName = try row.optional("subject_name") ?? address?.description
        } catch .unreadableColumn {}
        return setting
    }

    private static func subject(_ row: Row) throws(StoreError) -> LimitSubject {
        if let peer: PeerID = try row.optional("peer_id") { return .peer(peer) }
        if let gateway: GatewayID = try row.optional("gateway_id") { return .gateway(gateway) }
        return .organization(try row.value("organization_id"))
    }

    private static func setting(
        _ row: Row,
        of subject: LimitSubject
    ) throws(StoreError) -> LimitSetting {
        let quota = try quota(row)
        return LimitSetting(
            subject: subject,
            organizationID: try row.value("organization_id"),
            networkID: try row.optional("network_id"),
            gatewayID: try row.optional("gateway_id"),
            limits: UsageLimits(
                rxRate: try row.optional("rx_rate"),
                txRate: try row.optional("tx_rate"),
                quota: quota,
                connectedPeers: try row.optional("connected_peers")
            ),
            use: quota == nil
                ? nil
                : QuotaUse(
                    periodStart: try row.value("quota_start"),
                    bytes: try row.value("used_bytes")
                ),
            createdAt: try row.value("created_at"),
            updatedAt: try row.value("updated_at")
        )
    }

    private static func quota(_ row: Row) throws(StoreError) -> MonthlyQuota? {
        guard let bytes: UInt64 = try row.optional("quota_bytes") else { return nil }
        let kind: MonthlyQuota.Action.QuotaActionKind = try row.value("quota_action")
        let action: MonthlyQuota.Action =
            switch kind {
            case .warn: .warn
            case .throttle: .throttle(try row.value("throttle_rate"))
            case .block: .block
            }
        return MonthlyQuota(
            bytes: bytes,
            action: action,
            resetDay: try row.value("reset_day") { MonthlyQuota.resetDays.contains($0) }
        )
    }
}

extension MonthlyQuota.Action.QuotaActionKind: SQLColumn {
    package static var substitute: Self { .warn }
}

/// All of them nil without a quota.
private struct QuotaColumns {
    /// More than is ever used, and little enough to be multiplied by ten.
    private static let mostUsed: UInt64 = 1 << 58

    var bytes: UInt64?
    var action: MonthlyQuota.Action.QuotaActionKind?
    var throttleRate: UInt64?
    var resetDay: Int?
    var start: UsageHour?
    var end: UsageHour?
    var used: UInt64?

    init(_ setting: LimitSetting) {
        guard let quota = setting.limits.quota, let use = setting.use else { return }
        bytes = quota.bytes
        action = quota.action.kind
        throttleRate = quota.action.throttleRate
        resetDay = quota.resetDay
        start = use.periodStart
        end = quota.period(at: use.periodStart.start).upperBound
        used = min(use.bytes, Self.mostUsed)
    }
}

extension LimitSubject {
    fileprivate var peerID: PeerID? {
        if case .peer(let id) = self { id } else { nil }
    }
}
