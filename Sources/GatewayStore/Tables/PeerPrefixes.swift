package import GatewayDomain
package import NetAddress

/// The networks behind peers; every statement about them is here. No two of one network overlap, so the
/// one that holds an address is the last of those that begin at it or before: one step in the index.
package enum PeerPrefixes {
    /// A network behind a peer.
    package struct Route: Sendable {
        package let prefix: IPPrefix
        package let peerID: PeerID
        package let peer: ObjectLabel
    }

    /// What is behind other peers of the network and has an address in common with `prefix`; nil where
    /// nothing has. Of several it is the last.
    ///
    /// - Parameter peer: the peer whose own networks do not count.
    package static func overlapping(
        _ prefix: IPPrefix,
        in network: NetworkID,
        of organization: OrganizationID,
        except peer: PeerID? = nil,
        _ db: any SQLConnection
    ) throws(StoreError) -> Route? {
        var condition: SQL = """
            peer_prefix.network_id = \(network) AND peer_prefix.organization_id = \(organization)
            AND peer_prefix.first_address <= \(prefix.lastBytes)
            """
        if let peer { condition.append(" AND peer_prefix.peer_id <> \(peer)") }
        let last = try db.object(
            "\(selection) WHERE \(condition) ORDER BY peer_prefix.first_address DESC LIMIT 1",
            in: "peer_prefix",
            id: "peer_id",
            route
        )
        return last.flatMap { $0.prefix.overlaps(prefix) ? $0 : nil }
    }

    /// All of a network.
    package static func list(
        of network: NetworkID,
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Route] {
        try db.readable(
            """
            \(selection)
            WHERE peer_prefix.network_id = \(network)
                AND peer_prefix.organization_id = \(organization)
            ORDER BY peer_prefix.first_address
            """,
            in: "peer_prefix",
            id: "peer_id",
            route
        )
    }

    /// Those of a new peer. Addresses in them are given to no other peer.
    static func insert(
        _ prefixes: [IPPrefix],
        of peer: Peer,
        _ db: any SQLConnection
    ) throws(StoreError) {
        for prefix in prefixes {
            try db.execute(
                """
                INSERT INTO peer_prefix
                    (id, peer_id, organization_id, network_id, prefix, first_address, created_at,
                    created_revision)
                SELECT \(NetworkRouteID.random()), \(peer.id), organization_id, network_id,
                    \(prefix), \(prefix.firstBytes), \(peer.updatedAt), \(Events.nextRevision)
                FROM gateway WHERE id = \(peer.gatewayID)
                    AND organization_id = \(peer.organizationID)
                """
            )
            try PeerAddresses.withdraw(prefix, of: peer, db)
        }
    }

    /// Leaves a peer the networks that it has now; those that it had before keep their ids.
    static func replace(
        _ old: [IPPrefix],
        of peer: Peer,
        on gateway: Gateway,
        _ db: any SQLConnection
    ) throws(StoreError) {
        let gone = Set(old).subtracting(peer.allowedIPs).sorted()
        for prefix in gone {
            try db.execute(
                """
                DELETE FROM peer_prefix
                WHERE peer_id = \(peer.id) AND organization_id = \(peer.organizationID)
                    AND prefix = \(prefix)
                """
            )
            try PeerAddresses.restore(prefix, to: gateway, db)
        }
        try insert(Set(peer.allowedIPs).subtracting(old).sorted(), of: peer, db)
    }

    /// The column of a peer's networks, for statements that read peers.
    static let column: SQL = """
        (SELECT \(SQL.joinedText)(prefix, ' ') FROM peer_prefix WHERE peer_id = peer.id) AS allowed_ips
        """

    private static let selection: SQL = """
        SELECT peer_prefix.prefix, peer_prefix.peer_id, peer.name
        FROM peer_prefix JOIN peer ON peer.id = peer_prefix.peer_id
        """

    private static func route(_ row: Row) throws(StoreError) -> Route {
        let peer: PeerID = try row.value("peer_id")
        return Route(
            prefix: try row.value("prefix"),
            peerID: peer,
            peer: ObjectLabel(peer, named: try row.optional("name"))
        )
    }
}

extension Row {
    /// `PeerPrefixes.column`.
    func allowedIPs() throws(StoreError) -> [IPPrefix] {
        let list: PrefixList? = try optional("allowed_ips")
        return list?.prefixes ?? []
    }
}

/// Bytes that have the order of the addresses, those of IPv4 as IPv6 embeds them (RFC 4291 section
/// 2.5.5.2). No network that a peer may have holds addresses of both kinds.
extension IPPrefix {
    fileprivate var firstBytes: [UInt8] {
        switch self {
        case .v4(let prefix): prefix.firstAddress.bytes
        case .v6(let prefix): prefix.firstAddress.bytes
        }
    }

    fileprivate var lastBytes: [UInt8] {
        switch self {
        case .v4(let prefix): prefix.lastAddress.bytes
        case .v6(let prefix): prefix.lastAddress.bytes
        }
    }
}

extension IPv4Address {
    fileprivate var bytes: [UInt8] {
        IPv6Address(high: 0, low: 0xffff_0000_0000 | UInt64(bits)).bytes
    }
}

extension IPv6Address {
    fileprivate var bytes: [UInt8] {
        [high, low].flatMap { half in
            (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * UInt64($0))) }
        }
    }
}
