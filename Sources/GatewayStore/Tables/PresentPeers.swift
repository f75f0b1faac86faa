package import GatewayDomain

/// Peers that are known to be connected, of organizations that have a webhook for that: those of which the next that
/// is told is that they are silent. Every statement about them is here.
package enum PresentPeers {
    /// Begins anew with those that are connected now.
    package static func begin(
        of organization: OrganizationID,
        at time: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try end(of: organization, db)
        try db.execute(
            """
            INSERT INTO present_peer (peer_id, organization_id)
            SELECT peer.id, \(organization)
            FROM gateway \(SQL.joinInThisOrder) peer ON peer.gateway_id = gateway.id
            WHERE gateway.organization_id = \(organization)
                AND \(Peers.isIn(.connected, at: time, "peer.latest_handshake_at"))
            """
        )
    }

    package static func end(
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute("DELETE FROM present_peer WHERE organization_id = \(organization)")
    }

    /// Some of those of which it is not known yet that they are connected, or are not any more.
    package static func changed(
        to presence: PeerPresence,
        of organization: OrganizationID,
        at time: Timestamp,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> [PeerID] {
        let sql: SQL =
            switch presence {
            case .connected:
                """
                SELECT peer.id FROM gateway \(SQL.joinInThisOrder) peer ON peer.gateway_id = gateway.id
                WHERE gateway.organization_id = \(organization)
                    AND \(Peers.isIn(.connected, at: time, "peer.latest_handshake_at"))
                    AND NOT EXISTS (SELECT 1 FROM present_peer WHERE peer_id = peer.id)
                LIMIT \(limit)
                """
            case .silent:
                """
                SELECT peer.id FROM present_peer \(SQL.joinInThisOrder) peer
                    ON peer.id = present_peer.peer_id
                WHERE present_peer.organization_id = \(organization)
                    AND (peer.latest_handshake_at IS NULL
                        OR \(Peers.isIn(.silent, at: time, "peer.latest_handshake_at")))
                LIMIT \(limit)
                """
            }
        return try db.readable(sql, in: "peer") { row throws(StoreError) in try row.value("id") }
    }

    package static func note(
        _ presence: PeerPresence,
        of peer: PeerID,
        in organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        switch presence {
        case .connected:
            try db.execute(
                """
                INSERT INTO present_peer (peer_id, organization_id) VALUES (\(peer), \(organization))
                ON CONFLICT (peer_id) DO NOTHING
                """
            )
        case .silent:
            try db.execute("DELETE FROM present_peer WHERE peer_id = \(peer)")
        }
    }
}
