package import GatewayDomain
package import NetAddress
package import WireGuardCrypto

/// Every statement about peers, except the node's, is here.
package enum Peers {
    package static func insert(
        _ peer: Peer,
        sealedPresharedKey: [UInt8]?,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO peer (id, organization_id, gateway_id, name, public_key,
                sealed_preshared_key, address, persistent_keepalive, endpoint, created_at,
                updated_at, created_revision, config_revision)
            VALUES (\(peer.id), \(peer.organizationID), \(peer.gatewayID), \(peer.name),
                \(peer.publicKey), \(sealedPresharedKey), \(peer.address),
                \(peer.persistentKeepalive), \(peer.activity.endpoint), \(peer.createdAt),
                \(peer.updatedAt), \(Events.nextRevision), \(peer.config.revision))
            """
        )
        try PeerPrefixes.insert(peer.allowedIPs, of: peer, db)
        try Gateways.countPeers(
            1,
            taking: peer.address,
            of: peer.gatewayID,
            of: peer.organizationID,
            db
        )
    }

    package static func find(
        _ id: PeerID,
        in scope: Scope,
        reading: Reading = .strict,
        _ db: any SQLConnection
    ) throws(StoreError) -> Peer? {
        try db.object(
            """
            SELECT \(columns) FROM peer
            WHERE id = \(id) AND \(SQL.belongsToGateway(in: scope))
            """,
            in: "peer",
            reading: reading,
            peer
        )
    }

    /// The peer of a network with this address, which is one peer's at most; nil for a damaged one.
    package static func find(
        _ address: IPv4Address,
        in network: NetworkID,
        of scope: Scope,
        _ db: any SQLConnection
    ) throws(StoreError) -> Peer? {
        try db.readable(
            selection(network, scope, "peer.address = \(address)"),
            in: "peer",
            peer
        ).first
    }

    /// A peer of a network with this key; nil for a damaged one. Two gateways may have peers of one key.
    package static func find(
        _ publicKey: PublicKey,
        in network: NetworkID,
        of scope: Scope,
        _ db: any SQLConnection
    ) throws(StoreError) -> Peer? {
        try db.readable(
            "\(selection(network, scope, "peer.public_key = \(publicKey)")) LIMIT 1",
            in: "peer",
            peer
        ).first
    }

    /// The oldest peers of a network that are called so, at most `limit`.
    package static func named(
        _ name: String,
        in network: NetworkID,
        of scope: Scope,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Peer] {
        try db.readable(
            """
            SELECT \(columns) FROM peer
            WHERE \(SQL.belongsToGateway(in: scope)) AND \(SQL.isNamed(name))
                AND gateway_id IN (SELECT id FROM gateway WHERE network_id = \(network))
            ORDER BY created_revision, id LIMIT \(limit)
            """,
            in: "peer",
            peer
        )
    }

    /// Looks at each gateway of the network in the index of its peers. SQLite, which does not know that a
    /// network has few gateways, would look at all peers of the organization instead.
    private static func selection(
        _ network: NetworkID,
        _ scope: Scope,
        _ condition: SQL
    ) -> SQL {
        """
        SELECT \(columns) FROM peer WHERE \(SQL.belongsToGateway(in: scope)) AND id IN (
            SELECT peer.id FROM gateway \(SQL.joinInThisOrder) peer ON peer.gateway_id = gateway.id
            WHERE gateway.network_id = \(network) AND \(condition))
        """
    }

    package static func count(
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        try count(in: Scope(organizationID: organization), PeerFilter(), db)
    }

    package static func sealedPresharedKey(
        of peer: Peer,
        _ db: any SQLConnection
    ) throws(StoreError) -> [UInt8]? {
        try db.object(
            """
            SELECT id, sealed_preshared_key FROM peer
            WHERE id = \(peer.id) AND organization_id = \(peer.organizationID)
            """,
            in: "peer",
            sealedKey
        ) ?? nil
    }

    /// - Parameter old: the peer as it is stored.
    package static func update(
        _ old: Peer,
        to peer: Peer,
        on gateway: Gateway,
        sealedPresharedKey: [UInt8]?,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE peer SET name = \(peer.name), public_key = \(peer.publicKey),
                sealed_preshared_key = \(sealedPresharedKey), address = \(peer.address),
                persistent_keepalive = \(peer.persistentKeepalive),
                config_revision = \(peer.config.revision),
                updated_at = \(peer.updatedAt)
            WHERE id = \(peer.id) AND organization_id = \(peer.organizationID)
            """
        )
        try PeerPrefixes.replace(old.allowedIPs, of: peer, on: gateway, db)
        guard peer.address != old.address else { return }
        try PeerAddresses.release(old.address, of: gateway, at: peer.updatedAt, db)
    }

    /// Notes when the peer last changed, where nothing else of its row did.
    package static func touch(_ peer: Peer, _ db: any SQLConnection) throws(StoreError) {
        try db.execute(
            """
            UPDATE peer SET updated_at = \(peer.updatedAt)
            WHERE id = \(peer.id) AND organization_id = \(peer.organizationID)
            """
        )
    }

    /// The peer that has the lowest of these addresses, of those that have any.
    ///
    /// - Parameter peer: one that does not count.
    package static func holder(
        ofAny addresses: ClosedRange<IPv4Address>,
        on gateway: Gateway,
        except peer: PeerID? = nil,
        _ db: any SQLConnection
    ) throws(StoreError) -> (address: IPv4Address, peer: ObjectLabel)? {
        var condition: SQL = """
            gateway_id = \(gateway.id) AND organization_id = \(gateway.organizationID)
            AND address BETWEEN \(addresses.lowerBound) AND \(addresses.upperBound)
            """
        if let peer { condition.append(" AND id <> \(peer)") }
        return try db.object(
            "SELECT id, name, address FROM peer WHERE \(condition) ORDER BY address LIMIT 1",
            in: "peer"
        ) { row throws(StoreError) in
            let id: PeerID = try row.value("id")
            return (try row.value("address"), ObjectLabel(id, named: try row.optional("name")))
        }
    }

    /// The address goes back to the gateway; nil for a peer whose row does not name one.
    package static func delete(
        _ peer: Peer,
        of gateway: Gateway?,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try Meters.noteDeletion(ofPeers: "peer.id = \(peer.id)", at: now, db)
        try db.execute(
            """
            DELETE FROM peer WHERE id = \(peer.id) AND organization_id = \(peer.organizationID)
            """
        )
        guard let gateway else { return }
        try Gateways.countPeers(-1, of: gateway.id, of: gateway.organizationID, db)
        try PeerAddresses.release(peer.address, of: gateway, at: now, db)
        for prefix in peer.allowedIPs { try PeerAddresses.restore(prefix, to: gateway, db) }
    }

    /// As they are before their gateway is deleted.
    package static func oldest(
        of gateway: Gateway,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Peer] {
        try db.objects(
            "SELECT \(columns) FROM peer \(oldest(of: gateway, limit: limit))",
            in: "peer",
            reading: .forDeletion,
            peer
        )
    }

    /// Only where the gateway goes too: the addresses go with its subnet. It deletes what `oldest`
    /// answers, rows without a readable id included.
    ///
    /// - Returns: how many these were.
    package static func deleteOldest(
        of gateway: Gateway,
        limit: Int,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        let ids: SQL = "(SELECT id FROM peer \(oldest(of: gateway, limit: limit)))"
        try Meters.noteDeletion(ofPeers: "peer.id IN \(ids)", at: now, db)
        let count = try db.execute("DELETE FROM peer WHERE id IN \(ids)")
        try Gateways.countPeers(-count, of: gateway.id, of: gateway.organizationID, db)
        return count
    }

    private static func oldest(of gateway: Gateway, limit: Int) -> SQL {
        """
        WHERE gateway_id = \(gateway.id) AND organization_id = \(gateway.organizationID)
        ORDER BY created_revision, id LIMIT \(limit)
        """
    }

    private static func sealedKey(_ row: Row) throws(StoreError) -> [UInt8]? {
        try row.optional("sealed_preshared_key")
    }

    static let columns: SQL = """
        id, organization_id, gateway_id, name, public_key, address, persistent_keepalive,
        sealed_preshared_key IS NOT NULL AS has_preshared_key, last_seen, latest_handshake_at,
        latest_echo_at, endpoint, rx_bytes, tx_bytes, egress_left_bytes, egress_entered_bytes,
        created_at, updated_at,
        \(ConfigRevisions.ofFetchedKind) AS newest_config_revision, fetched_config_revision,
        fetched_full_tunnel, \(PeerPrefixes.column), \(DefaultGateways.column)
        """

    static func peer(_ row: Row) throws(StoreError) -> Peer {
        Peer(
            id: try row.value("id"),
            organizationID: try row.value("organization_id"),
            gatewayID: try row.value("gateway_id"),
            name: try row.optional("name"),
            publicKey: try row.value("public_key"),
            address: try row.value("address"),
            allowedIPs: try row.allowedIPs(),
            isDefaultGateway: try row.value("is_default_gateway"),
            hasPresharedKey: try row.value("has_preshared_key"),
            persistentKeepalive: try row.optional("persistent_keepalive"),
            createdAt: try row.value("created_at"),
            updatedAt: try row.value("updated_at"),
            activity: PeerActivity(
                lastSeen: try row.optional("last_seen"),
                latestHandshakeAt: try row.optional("latest_handshake_at"),
                latestEchoAt: try row.optional("latest_echo_at"),
                endpoint: try row.optional("endpoint"),
                rxBytes: try row.value("rx_bytes"),
                txBytes: try row.value("tx_bytes"),
                egress: try row.egressBytes()
            ),
            config: PeerConfigStatus(
                revision: try row.value("newest_config_revision"),
                fetchedRevision: try row.optional("fetched_config_revision"),
                fetchedFullTunnel: try row.value("fetched_full_tunnel")
            )
        )
    }
}
