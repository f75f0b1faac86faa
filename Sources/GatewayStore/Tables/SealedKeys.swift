/// What is counted and looked through of a whole installation when it is backed up or restored. Nothing
/// here names an organization.
package enum SealedKeys {
    /// Rows that are read at a time.
    private static let stretch = 1_000

    package enum Kind: Sendable {
        case gatewayPrivateKey, peerPresharedKey, webhookSecret
    }

    package struct Counts: Equatable, Sendable {
        package let networks: Int
        package let gateways: Int
        package let peers: Int
    }

    package static func counts(_ db: any SQLConnection) throws(StoreError) -> Counts {
        Counts(
            networks: try db.number("SELECT count(*) AS value FROM network"),
            gateways: try db.number("SELECT count(*) AS value FROM gateway"),
            peers: try db.number("SELECT count(*) AS value FROM peer")
        )
    }

    /// Calls `body` with the id and the sealed key of every object that has one, in the order of the ids.
    package static func each(
        _ kind: Kind,
        _ db: any SQLConnection,
        _ body: (_ id: String, _ sealed: [UInt8]) -> Void
    ) throws(StoreError) {
        var last = ""
        while true {
            let sql: SQL =
                switch kind {
                case .gatewayPrivateKey:
                    """
                    SELECT id, sealed_private_key AS sealed FROM gateway
                    WHERE id > \(last) ORDER BY id LIMIT \(stretch)
                    """
                case .peerPresharedKey:
                    """
                    SELECT id, sealed_preshared_key AS sealed FROM peer
                    WHERE id > \(last) AND sealed_preshared_key IS NOT NULL
                    ORDER BY id LIMIT \(stretch)
                    """
                case .webhookSecret:
                    """
                    SELECT id, sealed_secret AS sealed FROM webhook
                    WHERE id > \(last) ORDER BY id LIMIT \(stretch)
                    """
                }
            let rows = try db.rows(sql)
            for row in rows {
                last = try row.value("id")
                body(last, (try? row.value("sealed")) ?? [])
            }
            guard rows.count == stretch else { return }
        }
    }
}
