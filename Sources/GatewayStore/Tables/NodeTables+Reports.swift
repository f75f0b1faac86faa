package import GatewayDomain

/// What is written down of a node's gateways and their peers: how they stand, where they are found, and what they have
/// carried.
extension NodeTables {
    /// For a gateway whose other columns cannot be read, and which therefore gets no journal entry.
    package static func setStatus(
        of gateway: GatewayID,
        on node: NodeID,
        to status: InterfaceStatus,
        because reason: String?,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE gateway SET status = \(status), status_reason = \(reason), lacks_egress = 0
            WHERE id = \(gateway) AND node_id = \(node) AND status <> \(InterfaceStatus.deleting)
            """
        )
    }

    package static func setStatus(
        of gateway: Gateway,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE gateway SET status = \(gateway.status), status_reason = \(gateway.statusReason),
                lacks_egress = \(gateway.lacksEgress), updated_at = \(gateway.updatedAt)
            WHERE id = \(gateway.id)
            """
        )
    }

    package static func setEndpoint(
        of gateway: Gateway,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE gateway SET endpoint_address = \(gateway.endpoint.host),
                updated_at = \(gateway.updatedAt)
            WHERE id = \(gateway.id)
            """
        )
    }

    /// Adds what a peer moved, and answers its gateway. Nil when no gateway of the node has such a peer, or
    /// its row does not say of which gateway it is.
    package static func addActivity(
        _ added: PeerActivity,
        of peer: PeerID,
        on node: GatewayNode,
        _ db: any SQLConnection
    ) throws(StoreError) -> GatewayID? {
        let row = try db.row(
            """
            UPDATE peer SET last_seen = coalesce(\(added.lastSeen), last_seen),
                latest_echo_at = coalesce(\(added.latestEchoAt), latest_echo_at),
                endpoint = coalesce(\(added.endpoint), endpoint),
                \(counting(added.rxBytes, added.txBytes, added.egress))
            WHERE id = \(peer) AND \(isOn(node))
            RETURNING gateway_id, latest_handshake_at
            """
        )
        guard let row else { return nil }
        // Apart from what every report changes: an index is written for a column that is set, even to the
        // value that it has.
        if let time = added.latestHandshakeAt,
            (try? row.optional("latest_handshake_at")) != time
        {
            try db.execute("UPDATE peer SET latest_handshake_at = \(time) WHERE id = \(peer)")
        }
        return gatewayID(row)
    }

    package static func addActivity(
        _ added: GatewayActivity,
        of gateway: GatewayID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        let handshake = added.latestHandshakeAt
        try db.execute(
            """
            UPDATE gateway SET latest_handshake_at = coalesce(\(handshake), latest_handshake_at),
                \(counting(added.rxBytes, added.txBytes, added.egress))
            WHERE id = \(gateway)
            """
        )
    }

    /// Adds what a peer moved through a node that had its gateway before, and answers the gateway; nil where the node
    /// never had it. Where the peer is and when it was heard, the node that has the gateway knows better.
    package static func addLateCounts(
        _ added: PeerActivity,
        of peer: PeerID,
        from node: NodeID,
        _ db: any SQLConnection
    ) throws(StoreError) -> GatewayID? {
        try db.row(
            """
            UPDATE peer SET \(counting(added.rxBytes, added.txBytes, added.egress))
            WHERE id = \(peer) AND EXISTS (SELECT 1 FROM gateway_former_node AS former
                WHERE former.gateway_id = peer.gateway_id AND former.node_id = \(node))
            RETURNING gateway_id
            """
        ).flatMap(gatewayID)
    }

    /// Of peers and of gateways.
    private static func counting(_ rx: UInt64, _ tx: UInt64, _ egress: EgressBytes) -> SQL {
        """
        rx_bytes = rx_bytes + \(SQL.least)(\(rx), \(UInt64.mostCounted) - rx_bytes),
        tx_bytes = tx_bytes + \(SQL.least)(\(tx), \(UInt64.mostCounted) - tx_bytes),
        egress_left_bytes = egress_left_bytes + \(SQL.least)(\(egress.left), \(UInt64.mostCounted) - egress_left_bytes),
        egress_entered_bytes = egress_entered_bytes + \(SQL.least)(\(egress.entered), \(UInt64.mostCounted) - egress_entered_bytes)
        """
    }
}
