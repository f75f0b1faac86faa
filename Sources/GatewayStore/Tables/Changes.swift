package import GatewayDomain

/// What nodes read of the journal. Nothing here names an organization: a node carries gateways of all of
/// them.
package enum Changes {
    /// The newest change of one object.
    package struct Change: Sendable {
        package enum Object: Equatable, Sendable {
            case gateway(GatewayID)
            case peer(PeerID)
            case backboneLink(BackboneLinkID)
            /// The limits of what has this id: a gateway, a peer or an organization.
            case limits(String)
        }

        package let object: Object
        package let isDeleted: Bool
    }

    /// In revisions: a node that is further behind takes a snapshot instead.
    package static let longestCatchUp: Int64 = 100_000

    /// What concerns one node, and gateways of others that it may have had. Limits, which have the id of what is limited, hide
    /// no change of that: it may be a move.
    ///
    /// Nil when that is too long ago, when there was no such revision, or when a change among them
    /// cannot be read.
    package static func since(
        _ revision: Int64,
        on node: NodeID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Change]? {
        let newest = try Events.newestRevision(db)
        guard try Events.reachesBack(to: revision, db), newest - revision <= longestCatchUp
        else { return nil }
        let types = SQL.list([Event.ObjectType.gateway, .peer, .backboneLink, .limits])
        let rows = try db.rows(
            """
            SELECT object_type, object_id, operation FROM event
            WHERE revision > \(revision) AND revision <= \(newest) AND object_type IN (\(types))
                AND NOT EXISTS (
                    SELECT 1 FROM event AS later
                    WHERE later.object_id = event.object_id AND later.revision > event.revision
                        AND later.object_type = event.object_type)
                AND (object_type <> \(Event.ObjectType.peer)
                    OR operation <> \(Event.Operation.deleted) OR network_id IS NULL
                    OR network_id IN (SELECT network_id FROM gateway WHERE node_id = \(node)))
            ORDER BY revision
            """
        )
        return try? rows.map(change)
    }

    /// Gateways that came to the node from another one behind a revision. Their peers have no entries of their own.
    package static func arrivals(
        since revision: Int64,
        on node: NodeID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [GatewayID] {
        try db.readable(
            """
            SELECT id FROM gateway
            WHERE node_id = \(node) AND placed_revision > \(revision)
                AND placed_revision > created_revision
            ORDER BY id
            """,
            in: "gateway"
        ) { row throws(StoreError) in try row.value("id") }
    }

    /// The networks that have a gateway on the node behind a revision which it had not before. Links between others have no
    /// entries for that.
    package static func networks(
        since revision: Int64,
        on node: NodeID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Set<NetworkID> {
        Set(
            try db.readable(
                """
                SELECT id, network_id FROM gateway
                WHERE node_id = \(node) AND placed_revision > \(revision)
                """,
                in: "gateway"
            ) { row throws(StoreError) in try row.value("network_id") }
        )
    }

    /// Whether a gateway came from one node to another behind a revision.
    package static func wasMoved(
        _ gateway: GatewayID,
        since revision: Int64,
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        try db.number(
            """
            SELECT count(*) AS value FROM gateway
            WHERE id = \(gateway) AND placed_revision > \(revision)
                AND placed_revision > created_revision
            """
        ) > 0
    }

    private static func change(_ row: Row) throws(StoreError) -> Change {
        let type: Event.ObjectType = try row.value("object_type")
        let operation: Event.Operation = try row.value("operation")
        let object: Change.Object =
            switch type {
            case .gateway: .gateway(try row.value("object_id"))
            case .peer: .peer(try row.value("object_id"))
            case .backboneLink: .backboneLink(try row.value("object_id"))
            case .limits: .limits(try row.value("object_id"))
            default: throw .unreadableColumn("object_type")
            }
        return Change(object: object, isDeleted: operation == .deleted)
    }
}
