package import GatewayDomain

/// What nodes read of the journal. Nothing here names an organization: a node carries the gateways
/// of all of them.
package enum Changes {
    /// The newest change of one object.
    package struct Change: Sendable {
        package enum Object: Equatable, Sendable {
            case gateway(GatewayID)
            case peer(PeerID)
        }

        package let object: Object
        package let isDeleted: Bool
    }

    /// In revisions: a node that is further behind takes a snapshot instead.
    package static let longestCatchUp: Int64 = 100_000

    /// Nil when that is too long ago, when there was no such revision, or when a change among them
    /// cannot be read.
    package static func since(
        _ revision: Int64,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Change]? {
        guard try Events.reachesBack(to: revision, db),
            try Events.newestRevision(db) - revision <= longestCatchUp
        else { return nil }
        let rows = try db.rows(
            """
            SELECT object_type, object_id, operation FROM event
            WHERE revision > \(revision)
                AND object_type IN (\(Event.ObjectType.gateway), \(Event.ObjectType.peer))
                AND NOT EXISTS (
                    SELECT 1 FROM event AS later
                    WHERE later.object_id = event.object_id AND later.revision > event.revision)
            ORDER BY revision
            """
        )
        return try? rows.map(change)
    }

    private static func change(_ row: Row) throws(StoreError) -> Change {
        let type: Event.ObjectType = try row.value("object_type")
        let operation: Event.Operation = try row.value("operation")
        let object: Change.Object =
            switch type {
            case .gateway: .gateway(try row.value("object_id"))
            case .peer: .peer(try row.value("object_id"))
            default: throw .unreadableColumn("object_type")
            }
        return Change(object: object, isDeleted: operation == .deleted)
    }
}
