package import GatewayDomain

/// Every statement about the revisions of config files is here. A change that concerns the files of many
/// peers is written down once, at their gateways, so that it costs the same for any number of peers.
package enum ConfigRevisions {
    /// For a row of `peer`: the revision of the kind of file that was fetched last.
    static let ofFetchedKind = revision(fullTunnel: "peer.fetched_full_tunnel")

    /// - Parameter fullTunnel: whether it is about the file that sends everything through the tunnel.
    private static func revision(fullTunnel: SQL) -> SQL {
        // A peer whose gateway cannot be found has only its own.
        """
        \(SQL.greatest)(peer.config_revision, coalesce((SELECT \(SQL.greatest)(gateway.config_revision,
            CASE WHEN peer.persistent_keepalive IS NULL THEN gateway.keepalive_revision ELSE 0 END,
            CASE WHEN \(fullTunnel) <> 0 THEN gateway.exit_revision ELSE 0 END)
            FROM gateway WHERE gateway.id = peer.gateway_id), 0))
        """
    }

    /// The condition that the row of a peer is in this state, as `PeerConfigStatus.state` tells it.
    static func isIn(_ state: ConfigState) -> SQL {
        switch state {
        case .current: "fetched_config_revision >= \(ofFetchedKind)"
        case .outdated: "fetched_config_revision < \(ofFetchedKind)"
        case .neverFetched: "fetched_config_revision IS NULL"
        }
    }

    /// The revision of one of a peer's two files.
    package static func revision(
        of peer: PeerID,
        fullTunnel: Bool,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int64 {
        Int64(
            try db.number(
                """
                SELECT \(revision(fullTunnel: "\(fullTunnel)")) AS value FROM peer
                WHERE id = \(peer)
                """
            )
        )
    }

    /// What the files of all peers of these gateways say has changed.
    package static func note(
        _ revision: Int64,
        atGateway gateway: GatewayID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute("UPDATE gateway SET config_revision = \(revision) WHERE id = \(gateway)")
    }

    package static func note(
        _ revision: Int64,
        atGatewaysOf network: NetworkID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            "UPDATE gateway SET config_revision = \(revision) WHERE network_id = \(network)"
        )
    }

    /// The keepalive of a gateway has changed, which counts for peers without one of their own.
    package static func noteKeepalive(
        _ revision: Int64,
        atGateway gateway: GatewayID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute("UPDATE gateway SET keepalive_revision = \(revision) WHERE id = \(gateway)")
    }

    /// The default gateway of a network has come or gone: for a gateway with an internet gateway in its region
    /// nothing changes.
    package static func noteDefaultGateway(
        _ revision: Int64,
        of network: NetworkID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE gateway SET exit_revision = \(revision)
            WHERE network_id = \(network) AND NOT EXISTS (
                SELECT 1 FROM internet_gateway
                WHERE internet_gateway.network_id = gateway.network_id
                    AND internet_gateway.region_code = gateway.region_code)
            """
        )
    }

    /// The internet gateway of a network and a region has come or gone: where the network has a default
    /// gateway, nothing changes but for the peer that is it.
    package static func noteInternetGateway(
        _ revision: Int64,
        of network: NetworkID,
        in regionCode: String,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE gateway SET exit_revision = \(revision)
            WHERE network_id = \(network) AND region_code = \(regionCode)
                AND NOT EXISTS (SELECT 1 FROM default_gateway
                    WHERE default_gateway.network_id = gateway.network_id
                        AND default_gateway.peer_id IS NOT NULL)
            """
        )
        try db.execute(
            """
            UPDATE peer SET config_revision = \(revision)
            WHERE fetched_full_tunnel <> 0 AND id IN (
                    SELECT peer_id FROM default_gateway WHERE network_id = \(network))
                AND gateway_id IN (SELECT id FROM gateway WHERE region_code = \(regionCode))
            """
        )
    }

    /// The internet is reached over a link of the gateway from now on, or no longer: where the network has a default
    /// gateway, nothing changes.
    package static func noteDistantInternet(
        _ revision: Int64,
        atGateway gateway: GatewayID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE gateway SET exit_revision = \(revision)
            WHERE id = \(gateway) AND NOT EXISTS (SELECT 1 FROM default_gateway
                WHERE default_gateway.network_id = gateway.network_id
                    AND default_gateway.peer_id IS NOT NULL)
            """
        )
    }

    /// A file was fetched. Where it is of the other kind than the one before, the revision of that one is
    /// kept as the peer's own, because revisions never become smaller.
    ///
    /// - Parameter revision: what the fetched file was written at.
    package static func noteFetch(
        of peer: PeerID,
        revision: Int64,
        fullTunnel: Bool,
        _ db: any SQLConnection
    ) throws(StoreError) {
        let isNewest = try self.revision(of: peer, fullTunnel: fullTunnel, db) <= revision
        try db.execute(
            """
            UPDATE peer SET fetched_full_tunnel = \(fullTunnel),
                config_revision = CASE WHEN fetched_full_tunnel = \(fullTunnel)
                    THEN config_revision ELSE \(ofFetchedKind) END,
                fetched_config_revision = CASE WHEN fetched_full_tunnel = \(fullTunnel) OR \(isNewest) = 0
                    THEN \(SQL.greatest)(\(revision), coalesce(fetched_config_revision, 0))
                    ELSE \(SQL.greatest)(\(revision), \(ofFetchedKind)) END
            WHERE id = \(peer)
            """
        )
    }
}
