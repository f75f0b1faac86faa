package import GatewayDomain

/// The list of peers, in every order and by every filter.
///
/// An order or a filter by what never changes, or changes with a handshake, has an index. One by what
/// packets change has none: it would be written twice a second for every peer that is connected, and
/// to look at a hundred thousand peers takes some thirty milliseconds.
extension Peers {
    /// - Parameter now: tells who is connected.
    package static func list(
        in scope: Scope,
        _ filter: PeerFilter = PeerFilter(),
        order: ListOrder<PeerSortMember> = .oldestFirst,
        at now: Timestamp,
        page: Page,
        _ db: any SQLConnection
    ) throws(StoreError) -> PageOf<Peer> {
        let condition = condition(filter, in: scope, at: now)
        guard let total = try countByIndex(in: scope, filter, at: now, db) else {
            return try listAndCount(condition, filter, order, page, db)
        }
        let size = max(min(page.size, total - page.offset), 0)
        // Skipping is what a late page costs, so in the second half it is done from the end.
        let isFromEnd = page.offset > total / 2
        let offset = isFromEnd ? total - page.offset - size : page.offset
        let peers = try db.readable(
            selection(
                condition,
                filter,
                isFromEnd ? order.reversed : order,
                limit: size,
                offset: max(offset, 0)
            ),
            in: "peer",
            peer
        )
        return PageOf(
            elements: isFromEnd ? peers.reversed() : peers,
            page: page,
            totalResults: total
        )
    }

    /// The ids of all peers of a list, in its order. Who goes through a long list by them meets each peer once,
    /// whatever is made and deleted meanwhile.
    package static func ids(
        in scope: Scope,
        _ filter: PeerFilter,
        order: ListOrder<PeerSortMember>,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> [PeerID] {
        let condition = condition(filter, in: scope, at: now)
        let ids: SQL = """
            SELECT id FROM \(source(filter, order)) WHERE \(condition) ORDER BY \(order.sql)
            """
        return try db.readable(ids.notKept, in: "peer") { row throws(StoreError) in
            try row.value("id")
        }
    }

    /// Whether the list takes no longer than any other read, because it looks at few peers beside those it
    /// answers.
    package static func isQuick(
        _ filter: PeerFilter,
        _ order: ListOrder<PeerSortMember>
    ) -> Bool {
        filter.ids != nil || filter.isOfWholeGateways && order.member.hasIndex
    }

    /// A page that ends early tells the total by itself. Only behind a full page, and behind the end of the
    /// list, are all peers looked at a second time.
    private static func listAndCount(
        _ condition: SQL,
        _ filter: PeerFilter,
        _ order: ListOrder<PeerSortMember>,
        _ page: Page,
        _ db: any SQLConnection
    ) throws(StoreError) -> PageOf<Peer> {
        let rows = try db.rows(
            selection(condition, filter, order, limit: page.size, offset: page.offset)
        )
        let isEnd = rows.count < page.size && (page.offset == 0 || !rows.isEmpty)
        let count: SQL = "SELECT count(*) AS value FROM \(filter.source) WHERE \(condition)"
        let total = isEnd ? page.offset + rows.count : try db.number(count.notKept)
        return PageOf(
            elements: try db.readable(rows, in: "peer", peer),
            page: page,
            totalResults: total
        )
    }

    private static func selection(
        _ condition: SQL,
        _ filter: PeerFilter,
        _ order: ListOrder<PeerSortMember>,
        limit: Int,
        offset: Int
    ) -> SQL {
        let part: SQL = """
            FROM \(source(filter, order)) WHERE \(condition) ORDER BY \(order.sql) LIMIT \(limit) OFFSET \(offset)
            """
        if order.member == .age, filter.isOfWholeGateways {
            return "SELECT \(columns) \(part)"
        }
        if order.member == .age || filter.isOfAllGateways && order.member.hasIndex {
            let page: SQL = "SELECT \(columns) \(part)"
            return page.notKept
        }
        // Where the rows have to be sorted, SQLite works the columns out for each of them. Those of the
        // page are enough.
        let page: SQL =
            "SELECT \(columns) FROM peer WHERE id IN (SELECT id \(part)) ORDER BY \(order.sql)"
        return page.notKept
    }

    private static func source(_ filter: PeerFilter, _ order: ListOrder<PeerSortMember>) -> SQL {
        filter.ids != nil || !order.member.hasIndex ? filter.source : "peer"
    }

    private static func condition(
        _ filter: PeerFilter,
        in scope: Scope,
        at now: Timestamp
    ) -> SQL {
        var condition = SQL.belongsToGateway(in: scope)
        if let ids = filter.ids { condition.append(" AND id IN (\(SQL.list(ids)))") }
        if let id = filter.gatewayID { condition.append(" AND gateway_id = \(id)") }
        if let id = filter.networkID {
            condition.append(
                " AND gateway_id IN (SELECT id FROM gateway WHERE network_id = \(id))"
            )
        }
        if let name = filter.name { condition.append(" AND \(SQL.isNamed(name))") }
        if let part = filter.nameContains {
            condition.append(" AND \(SQL.contains("name", part))")
        }
        if let text = filter.search { condition.append(" AND (\(matches(text)))") }
        if let connection = filter.connection {
            // The + keeps SQLite from looking the peers up by their handshakes and sorting them then.
            condition.append(" AND \(isIn(connection, at: now, "+latest_handshake_at"))")
        }
        if let time = filter.lastSeenFrom { condition.append(" AND last_seen >= \(time)") }
        if let time = filter.lastSeenBefore { condition.append(" AND last_seen < \(time)") }
        if let state = filter.configState {
            condition.append(" AND \(ConfigRevisions.isIn(state))")
        }
        return condition
    }

    private static func matches(_ text: String) -> SQL {
        var condition: SQL = """
            \(SQL.contains("name", text)) OR \(SQL.begins("public_key", with: text))
            """
        // To write all addresses out takes longer than the rest, and most texts are in none.
        if text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }) {
            condition.append(" OR \(SQL.contains(SQL.dotted("address"), text))")
        }
        return condition
    }

    /// As `PeerConnection.init` tells it.
    static func isIn(
        _ connection: PeerConnection,
        at now: Timestamp,
        _ column: SQL = "latest_handshake_at"
    ) -> SQL {
        let limit = now.advanced(bySeconds: -PeerConnection.sessionSeconds)
        return switch connection {
        case .connected: "\(column) > \(limit)"
        case .silent: "\(column) <= \(limit)"
        case .never: "\(column) IS NULL"
        }
    }

    /// Nil where the peers themselves have to be looked at. Gateways know how many peers they have, and the
    /// index of handshakes how many of these are connected.
    private static func countByIndex(
        in scope: Scope,
        _ filter: PeerFilter,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int? {
        var others = filter
        others.connection = nil
        guard others.isOfWholeGateways else { return nil }
        guard let connection = filter.connection else {
            return try count(in: scope, filter, db)
        }
        return try count(connection, at: now, in: scope, filter, db)
    }

    /// - Parameter filter: one by gateway or network.
    static func count(
        in scope: Scope,
        _ filter: PeerFilter,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        try db.number(
            """
            SELECT CAST(coalesce(sum(peers_count), 0) AS BIGINT) AS value FROM gateway
            WHERE \(gatewayCondition(in: scope, filter))
            """
        )
    }

    /// Goes through the gateways and counts the peers of each in the index.
    static func count(
        _ connection: PeerConnection,
        at now: Timestamp,
        in scope: Scope,
        _ filter: PeerFilter,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        try db.number(
            """
            SELECT count(*) AS value FROM gateway \(SQL.joinInThisOrder) peer ON peer.gateway_id = gateway.id
            WHERE \(gatewayCondition(in: scope, filter))
                AND \(isIn(connection, at: now, "peer.latest_handshake_at"))
            """
        )
    }

    /// Gateways without a connected peer are left out.
    package static func countConnected(
        ofEach gateways: [GatewayID],
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> [GatewayID: Int] {
        let sql: SQL = """
            SELECT gateway_id, count(*) AS connected FROM peer
            WHERE gateway_id IN (\(SQL.list(gateways))) AND \(isIn(.connected, at: now))
            GROUP BY gateway_id
            """
        let counts = try db.readable(sql.notKept, in: "peer", id: "gateway_id") {
            row throws(StoreError) -> (GatewayID, Int) in
            (try row.value("gateway_id"), try row.value("connected"))
        }
        return Dictionary(uniqueKeysWithValues: counts)
    }

    private static func gatewayCondition(in scope: Scope, _ filter: PeerFilter) -> SQL {
        var condition = SQL.isIn(
            scope,
            organization: "gateway.organization_id",
            network: "gateway.network_id"
        )
        if let id = filter.gatewayID { condition.append(" AND gateway.id = \(id)") }
        if let id = filter.networkID { condition.append(" AND gateway.network_id = \(id)") }
        return condition
    }
}

extension PeerFilter {
    fileprivate var isOfAllGateways: Bool { gatewayID == nil && networkID == nil && ids == nil }

    /// The table, for statements that look at all peers that may meet the filter. Left to choose, SQLite takes
    /// indexes whose order is not that of the rows, and needs up to ten times as long.
    fileprivate var source: SQL { "peer\(index)" }

    /// PostgreSQL chooses by its statistics.
    private var index: SQL {
        if ids != nil {
            return .spelled(sqlite: " INDEXED BY peer_of_organization", postgreSQL: "")
        }
        if name != nil { return .spelled(sqlite: " INDEXED BY peer_by_name", postgreSQL: "") }
        return gatewayID == nil
            ? .spelled(sqlite: " INDEXED BY peer_by_age", postgreSQL: "")
            : .spelled(sqlite: " INDEXED BY peer_of_gateway", postgreSQL: "")
    }

    /// Whether it admits all peers of the gateways that it admits.
    fileprivate var isOfWholeGateways: Bool {
        var gateways = PeerFilter()
        gateways.gatewayID = gatewayID
        gateways.networkID = networkID
        return self == gateways
    }
}

extension PeerSortMember {
    fileprivate var hasIndex: Bool {
        switch self {
        case .age, .name, .address: true
        case .lastSeen, .rxBytes, .txBytes: false
        }
    }
}

extension ListOrder<PeerSortMember> {
    fileprivate var sql: SQL {
        let column: SQL =
            switch member {
            case .age: "created_revision"
            case .name: SQL.caseless("name")
            case .lastSeen: "last_seen"
            case .address: "address"
            case .rxBytes: "rx_bytes"
            case .txBytes: "tx_bytes"
            }
        return sql(by: column)
    }
}
