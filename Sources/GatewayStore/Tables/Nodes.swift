package import GatewayDomain
import WireGuardCrypto

/// Every statement about nodes is here, except those about their credentials. Nodes are the installation's: they
/// name no organization.
package enum Nodes {
    package static func insert(
        _ node: GatewayNode,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO node (id, name, region_codes, endpoint_address, ports, is_embedded,
                is_draining, presence, presence_since, created_at, updated_at, created_revision)
            VALUES (\(node.id), \(node.name), \(WordList(node.regionCodes)), \(node.host),
                \(node.ports), \(node.isEmbedded), \(node.isDraining), \(node.presence),
                \(node.presenceSince), \(node.createdAt), \(node.updatedAt), \(Events.nextRevision))
            """
        )
    }

    package static func find(
        _ id: NodeID,
        reading: Reading = .strict,
        _ db: any SQLConnection
    ) throws(StoreError) -> GatewayNode? {
        try db.object("\(selection) WHERE id = \(id)", in: "node", reading: reading, node)
    }

    /// The one inside of the server, where servers have one.
    package static func embedded(_ db: any SQLConnection) throws(StoreError) -> GatewayNode? {
        try db.object("\(selection) WHERE is_embedded = 1", in: "node", node)
    }

    /// All that can be read, the oldest first.
    package static func all(_ db: any SQLConnection) throws(StoreError) -> [GatewayNode] {
        try db.readable("\(selection) ORDER BY created_revision, id", in: "node", node)
    }

    package static func list(
        name: String?,
        page: Page,
        _ db: any SQLConnection
    ) throws(StoreError) -> PageOf<GatewayNode> {
        var condition: SQL = "1 = 1"
        if let name { condition = "name = \(name)" }
        return PageOf(
            elements: try db.readable(
                """
                \(selection) WHERE \(condition)
                ORDER BY created_revision, id LIMIT \(page.size) OFFSET \(page.offset)
                """,
                in: "node",
                node
            ),
            page: page,
            totalResults: try db.number("SELECT count(*) AS value FROM node WHERE \(condition)")
        )
    }

    package static func count(_ db: any SQLConnection) throws(StoreError) -> Int {
        try db.number("SELECT count(*) AS value FROM node")
    }

    package static func update(
        _ node: GatewayNode,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE node SET name = \(node.name), region_codes = \(WordList(node.regionCodes)),
                endpoint_address = \(node.host), ports = \(node.ports),
                is_embedded = \(node.isEmbedded),
                is_draining = \(node.isDraining), presence = \(node.presence),
                presence_since = \(node.presenceSince), last_seen_at = \(node.lastSeenAt),
                version = \(node.version), public_key = \(node.publicKey),
                second_session_at = \(node.secondSessionAt), updated_at = \(node.updatedAt)
            WHERE id = \(node.id)
            """
        )
    }

    /// That the server hears of a node does not change it, and has no entry in the journal.
    package static func noteSeen(
        _ id: NodeID,
        at time: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute("UPDATE node SET last_seen_at = \(time) WHERE id = \(id)")
    }

    /// Its gateways have to be gone before. Its credentials go with it.
    package static func delete(
        _ node: GatewayNode,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute("DELETE FROM node WHERE id = \(node.id)")
    }

    /// Takes the place of the token that the node had.
    package static func setToken(
        of node: NodeID,
        hash: [UInt8],
        expiresAt: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE node SET token_selector = \(SecretHash.selector(hash)), token_hash = \(hash),
                token_expires_at = \(expiresAt), token_used_at = NULL
            WHERE id = \(node)
            """
        )
    }

    package static func noteTokenUse(
        of node: NodeID,
        at time: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute("UPDATE node SET token_used_at = \(time) WHERE id = \(node)")
    }

    /// A token that was made, whether it can still be used or not.
    package struct Token: Sendable {
        package let nodeID: NodeID
        package let hash: [UInt8]
        package let expiresAt: Timestamp
        package let usedAt: Timestamp?
    }

    /// Those whose hash begins as this one does: the caller compares the rest in constant time.
    package static func tokens(
        forHash hash: [UInt8],
        _ db: any SQLConnection
    ) throws(StoreError) -> [Token] {
        try db.readable(
            """
            SELECT id, token_hash, token_expires_at, token_used_at FROM node
            WHERE token_selector = \(SecretHash.selector(hash))
            """,
            in: "node"
        ) { row throws(StoreError) in
            Token(
                nodeID: try row.value("id"),
                hash: try row.value("token_hash"),
                expiresAt: try row.value("token_expires_at"),
                usedAt: try row.optional("token_used_at")
            )
        }
    }

    private static let selection: SQL = """
        SELECT id, name, region_codes, endpoint_address, ports, is_embedded, is_draining, presence,
            presence_since, last_seen_at, version, public_key, second_session_at, created_at,
            updated_at,
            CASE WHEN token_used_at IS NULL THEN token_expires_at END AS open_token_expires_at,
            (SELECT count(*) FROM gateway WHERE gateway.node_id = node.id) AS gateways_count
        FROM node
        """

    private static func node(_ row: Row) throws(StoreError) -> GatewayNode {
        let regions: WordList = try row.value("region_codes")
        return GatewayNode(
            id: try row.value("id"),
            name: try row.value("name"),
            regionCodes: regions.words,
            host: try row.value("endpoint_address"),
            ports: try row.value("ports"),
            isEmbedded: try row.value("is_embedded"),
            isDraining: try row.value("is_draining"),
            presence: try row.value("presence"),
            presenceSince: try row.value("presence_since"),
            lastSeenAt: try row.optional("last_seen_at"),
            version: try row.optional("version"),
            publicKey: try row.optional("public_key"),
            secondSessionAt: try row.optional("second_session_at"),
            tokenExpiresAt: try row.optional("open_token_expires_at"),
            createdAt: try row.value("created_at"),
            updatedAt: try row.value("updated_at"),
            activity: NodeActivity(gatewaysCount: try row.value("gateways_count"))
        )
    }
}
