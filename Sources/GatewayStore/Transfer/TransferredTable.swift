/// A table of the schema, as far as it goes to another database.
struct TransferredTable: Sendable {
    let name: String
    /// The columns of its primary key, in whose order rows are read.
    let key: [String]
    /// Which rows go along.
    var condition: SQL = "1 = 1"

    init(_ name: String, _ key: String...) {
        self.name = name
        self.key = key
    }

    /// Each behind those that it refers to. `journal_position`, which is one row in every database, is none of them.
    static let all = [
        installation,
        TransferredTable("organization", "id"),
        TransferredTable("region", "code"),
        TransferredTable("network", "id"),
        TransferredTable("user_account", "id"),
        TransferredTable("user_account_network", "user_id", "network_id"),
        TransferredTable("api_key", "id"),
        TransferredTable("api_key_network", "api_key_id", "network_id"),
        TransferredTable("revoked_api_key", "hash"),
        TransferredTable("session", "id"),
        TransferredTable("sign_in_code", "hash"),
        TransferredTable("node", "id"),
        TransferredTable("node_credential", "hash"),
        TransferredTable("node_report", "node_id", "generation"),
        TransferredTable("gateway", "id"),
        TransferredTable("gateway_former_node", "gateway_id", "node_id"),
        TransferredTable("released_address", "gateway_id", "address"),
        TransferredTable("released_subnet", "network_id", "subnet"),
        TransferredTable("peer", "id"),
        TransferredTable("peer_prefix", "network_id", "first_address"),
        TransferredTable("usage_limit", "subject_id"),
        TransferredTable("config_url", "peer_id"),
        TransferredTable("peer_share", "id"),
        TransferredTable("default_gateway", "id"),
        TransferredTable("internet_gateway", "id"),
        TransferredTable("private_service", "id"),
        TransferredTable("backbone_link", "id"),
        TransferredTable("backbone_lane", "link_id", "number", "gateway_id"),
        TransferredTable("metered_gateway", "number"),
        TransferredTable("metered_peer", "number"),
        TransferredTable("usage_peer_hour", "hour", "peer", "kind"),
        TransferredTable("usage_peer_day", "day", "peer", "kind"),
        TransferredTable("usage_gateway_hour", "gateway", "hour", "kind"),
        TransferredTable("usage_gateway_day", "gateway", "day", "kind"),
        TransferredTable("usage_gateway_recent_day", "gateway", "day", "kind"),
        TransferredTable("usage_correction", "gateway", "counted_hour", "hour", "kind"),
        TransferredTable("cost_line", "organization_id", "month", "position"),
        TransferredTable("webhook", "id"),
        TransferredTable("webhook_event", "webhook_id", "number"),
        TransferredTable("webhook_delivery", "webhook_id", "number"),
        TransferredTable("present_peer", "peer_id"),
        TransferredTable("kept_answer", "organization_id", "path", "idempotency_key"),
        TransferredTable("event", "revision"),
    ]

    /// What no copy is to have that is kept: answers with private keys of peers, and sessions, which would work again
    /// where the copy is restored after they were ended.
    static let shortLived: Set = ["kept_answer", "session", "sign_in_code"]

    /// What servers that run have to know of each other.
    static let ofRunningServers: Set = ["lease", "node_stream", "relayed_report"]

    /// What a database says of itself stays there.
    private static let installation: TransferredTable = {
        var table = TransferredTable("installation", "key")
        let own = ["timeline", Checkpoints.key, ServerHistory.key].map(SQLValue.text)
        table.condition = "key NOT IN (\(SQL.bindings(own)))"
        return table
    }()

    /// At most `count` rows, behind those that were read before.
    ///
    /// - Parameter columns: in which order values come; all of them where it is nil.
    func page(
        _ columns: [String]?,
        behind last: [SQLValue]?,
        count: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Row] {
        let key = SQL.names(key)
        let place: SQL = last.map { "AND (\(key)) > (\(SQL.bindings($0)))" } ?? ""
        return try db.rows(
            """
            SELECT \(columns.map(SQL.names) ?? "*") FROM \(SQL.names([name]))
            WHERE \(condition) \(place) ORDER BY \(key) LIMIT \(count)
            """
        )
    }

    func isEmpty(_ db: any SQLConnection) throws(StoreError) -> Bool {
        try page(nil, behind: nil, count: 1, db).isEmpty
    }
}
