package import GatewayDomain

/// The journal that nodes follow; every statement about it is here. Each change of a gateway or a
/// peer adds its line in the transaction that makes it. A revision is never given out twice.
package enum Changes {
    package enum Operation: String, Sendable {
        case put
        case deleted
    }

    /// The newest thing that happened to one object.
    package struct Change: Sendable {
        package enum Object: Equatable, Sendable {
            case gateway(GatewayID)
            case peer(PeerID)
        }

        package let object: Object
        package let operation: Operation
    }

    /// A node that is further behind takes a snapshot.
    package static let keptRevisions = 100_000

    /// Names no organization, like all reading here: a node carries the gateways of all of them.
    package static func newestRevision(_ db: any SQLConnection) throws(StoreError) -> Int64 {
        Int64(try db.number("SELECT coalesce(max(revision), 0) AS value FROM change"))
    }

    /// Nil when some of them are not kept any more, or when there was no such revision.
    package static func since(
        _ revision: Int64,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Change]? {
        let oldest = try db.number("SELECT coalesce(min(revision), 1) AS value FROM change")
        guard revision >= oldest - 1, revision <= (try newestRevision(db)) else { return nil }
        return try db.rows(
            """
            SELECT kind, object_id, operation FROM change
            WHERE revision > \(revision) AND NOT EXISTS (
                SELECT 1 FROM change AS later
                WHERE later.object_id = change.object_id AND later.revision > change.revision)
            ORDER BY revision
            """
        ).map(change)
    }

    /// Forgets the oldest lines. The newest is always kept: it says which revision this is.
    package static func trim(keeping count: Int, _ db: any SQLConnection) throws(StoreError) {
        let newest = try newestRevision(db)
        try db.execute("DELETE FROM change WHERE revision <= \(newest - Int64(max(count, 1)))")
    }

    static func append(
        _ operation: Operation,
        _ gateway: Gateway,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO change (organization_id, kind, object_id, operation)
            VALUES (\(gateway.organizationID), 'gateway', \(gateway.id), \(operation.rawValue))
            """
        )
        try trim(keeping: keptRevisions, db)
    }

    static func append(
        _ operation: Operation,
        _ peer: Peer,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO change (organization_id, kind, object_id, operation)
            VALUES (\(peer.organizationID), 'peer', \(peer.id), \(operation.rawValue))
            """
        )
        try trim(keeping: keptRevisions, db)
    }

    static func appendPeersDeleted(
        of gateway: Gateway,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO change (organization_id, kind, object_id, operation)
            SELECT organization_id, 'peer', id, 'deleted' FROM peer
            WHERE gateway_id = \(gateway.id) AND organization_id = \(gateway.organizationID)
            """
        )
    }

    private static func change(_ row: Row) throws(StoreError) -> Change {
        let kind: String = try row.value("kind")
        guard let operation = Operation(rawValue: try row.value("operation")) else {
            throw .unreadableColumn("operation")
        }
        let object: Change.Object =
            switch kind {
            case "gateway": .gateway(try row.value("object_id"))
            case "peer": .peer(try row.value("object_id"))
            default: throw .unreadableColumn("kind")
            }
        return Change(object: object, operation: operation)
    }
}
