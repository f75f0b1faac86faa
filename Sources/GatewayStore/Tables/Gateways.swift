package import GatewayDomain
package import NetAddress

/// Every statement about gateways, except the node's, is here.
package enum Gateways {
    package static func insert(
        _ gateway: Gateway,
        sealedPrivateKey: [UInt8],
        _ db: any SQLConnection
    ) throws(StoreError) {
        let nextAddress =
            SubnetPlan.peerAddresses(in: gateway.subnet)?.lowerBound ?? gateway.subnet.lastAddress
        try db.execute(
            """
            INSERT INTO gateway (id, organization_id, network_id, region_code, node_id,
                placed_revision, name, enables_sip_trunking, services, status, status_reason, public_key, sealed_private_key,
                endpoint_address, port, subnet, given_address, next_address, mtu,
                persistent_keepalive, created_at, updated_at, created_revision)
            VALUES (\(gateway.id), \(gateway.organizationID), \(gateway.networkID),
                \(gateway.region.code), \(gateway.nodeID), \(Events.nextRevision), \(gateway.name),
                \(gateway.enablesSIPTrunking), \(gateway.serviceNames.map { WordList($0) }), \(gateway.status), \(gateway.statusReason), \(gateway.publicKey),
                \(sealedPrivateKey), \(gateway.endpoint.host), \(gateway.endpoint.port),
                \(gateway.subnet), \(gateway.givenAddress), \(nextAddress), \(gateway.mtu),
                \(gateway.persistentKeepalive), \(gateway.createdAt), \(gateway.updatedAt), \(Events.nextRevision))
            """
        )
        try Meters.open(gateway, db)
    }

    package static func find(
        _ id: GatewayID,
        in scope: Scope,
        reading: Reading = .strict,
        _ db: any SQLConnection
    ) throws(StoreError) -> Gateway? {
        try db.object(
            "\(selection) WHERE gateway.id = \(id) AND \(isIn(scope))",
            in: "gateway",
            reading: reading,
            gateway
        )
    }

    /// Names no organization: a node asks, which carries the gateways of all of them.
    package static func find(
        _ id: GatewayID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Gateway? {
        try db.object("\(selection) WHERE gateway.id = \(id)", in: "gateway", gateway)
    }

    /// The gateways of all organizations that are on a node and have another host in their endpoint than this one.
    package static func elsewhere(
        than host: PublicHost,
        on node: NodeID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Gateway] {
        try every("gateway.node_id = \(node) AND gateway.endpoint_address <> \(host)", db)
    }

    /// The gateways of all organizations that are on a node.
    package static func all(
        on node: NodeID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Gateway] {
        try every("gateway.node_id = \(node)", db)
    }

    package static func count(
        inRegion code: String,
        on node: NodeID? = nil,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        var condition: SQL = "region_code = \(code)"
        if let node { condition.append(" AND node_id = \(node)") }
        return try db.number("SELECT count(*) AS value FROM gateway WHERE \(condition)")
    }

    /// Gives a gateway to another node. What it is to the outside there, it gets anew.
    package static func move(
        _ gateway: Gateway,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO gateway_former_node (gateway_id, node_id)
            SELECT id, node_id FROM gateway WHERE id = \(gateway.id)
            ON CONFLICT DO NOTHING
            """
        )
        try db.execute(
            """
            UPDATE gateway SET node_id = \(gateway.nodeID), placed_revision = \(Events.nextRevision),
                endpoint_address = \(gateway.endpoint.host), port = \(gateway.endpoint.port),
                egress_range = NULL, status = \(gateway.status),
                status_reason = \(gateway.statusReason), lacks_egress = \(gateway.lacksEgress),
                updated_at = \(gateway.updatedAt)
            WHERE id = \(gateway.id)
            """
        )
    }

    /// The gateways of all organizations that follow the installation's keepalive.
    package static func withoutKeepalive(_ db: any SQLConnection) throws(StoreError) -> [Gateway] {
        try every("gateway.persistent_keepalive IS NULL", db)
    }

    /// The gateways of all organizations that may lead to private services.
    package static func withServices(_ db: any SQLConnection) throws(StoreError) -> [Gateway] {
        try every("gateway.enables_sip_trunking <> 0 OR gateway.services IS NOT NULL", db)
    }

    /// The gateways of all organizations that lead to the internet.
    package static func withInternet(_ db: any SQLConnection) throws(StoreError) -> [Gateway] {
        try every(NodeTables.leadsToInternet, db)
    }

    /// The gateways of all organizations that have a range for the outside of their node.
    package static func withEgressRange(_ db: any SQLConnection) throws(StoreError) -> [Gateway] {
        try every("gateway.egress_range IS NOT NULL", db)
    }

    /// The gateways of all organizations that have none.
    package static func withoutEgressRange(
        _ status: InterfaceStatus,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Gateway] {
        try every("gateway.egress_range IS NULL AND gateway.status = \(status)", db)
    }

    /// Those of all organizations that the condition holds for, the oldest first: who comes first gets what there
    /// is not enough of.
    private static func every(
        _ condition: SQL,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Gateway] {
        try db.readable(
            "\(selection) WHERE \(condition) ORDER BY gateway.created_revision, gateway.id",
            in: "gateway",
            gateway
        )
    }

    /// Those of these gateways that the scope has and that can be read.
    package static func all(
        _ ids: [GatewayID],
        in scope: Scope,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Gateway] {
        let sql: SQL = "\(selection) WHERE gateway.id IN (\(SQL.list(ids))) AND \(isIn(scope))"
        // Each number of ids makes another text.
        return try db.readable(sql.notKept, in: "gateway", gateway)
    }

    /// Those of a network, in one region or in all.
    package static func all(
        of network: NetworkID,
        in regionCode: String? = nil,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Gateway] {
        var condition: SQL = "gateway.network_id = \(network)"
        if let regionCode { condition.append(" AND gateway.region_code = \(regionCode)") }
        return try db.readable(
            "\(selection) WHERE \(condition) ORDER BY gateway.created_revision, gateway.id",
            in: "gateway",
            gateway
        )
    }

    package static func setEgressRange(
        _ range: IPv4Prefix?,
        of gateway: GatewayID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute("UPDATE gateway SET egress_range = \(range) WHERE id = \(gateway)")
    }

    package static func list(
        in scope: Scope,
        _ filter: GatewayFilter = GatewayFilter(),
        order: ListOrder<GatewaySortMember> = .oldestFirst,
        page: Page,
        _ db: any SQLConnection
    ) throws(StoreError) -> PageOf<Gateway> {
        var condition = isIn(scope)
        if let id = filter.networkID { condition.append(" AND gateway.network_id = \(id)") }
        if let name = filter.name { condition.append(" AND gateway.name = \(name)") }
        if let part = filter.nameContains {
            condition.append(" AND \(SQL.contains("gateway.name", part))")
        }
        if let status = filter.status { condition.append(" AND gateway.status = \(status)") }
        let list: SQL = """
            \(selection) WHERE \(condition)
            ORDER BY \(order.sql) LIMIT \(page.size) OFFSET \(page.offset)
            """
        let count: SQL = "SELECT count(*) AS value FROM gateway WHERE \(condition)"
        return PageOf(
            elements: try db.readable(list.notKept, in: "gateway", gateway),
            page: page,
            totalResults: try db.number(count.notKept)
        )
    }

    /// Gateways that have something to say about, the oldest first: those that are not provisioned, leave peers
    /// out, or have peers and were never reached by one.
    package static func remarkable(
        in scope: Scope,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Gateway] {
        try db.readable(
            """
            \(selection) WHERE \(isIn(scope))
                AND (gateway.status <> \(InterfaceStatus.provisioned)
                    OR gateway.status_reason IS NOT NULL
                    OR gateway.peers_count > 0 AND gateway.rx_bytes = 0)
            ORDER BY gateway.created_revision, gateway.id LIMIT \(limit)
            """,
            in: "gateway",
            gateway
        )
    }

    package static func count(
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        try db.number(
            "SELECT count(*) AS value FROM gateway WHERE organization_id = \(organization)"
        )
    }

    package static func exist(
        in network: Network,
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        try db.number(
            """
            SELECT count(*) AS value FROM gateway
            WHERE network_id = \(network.id) AND organization_id = \(network.organizationID)
            """
        ) > 0
    }

    /// Adds to the number of a gateway's peers, after they were inserted or (negative) deleted. A number
    /// that cannot be right is counted anew.
    ///
    /// - Parameter address: what a new peer has: where that is the next one that is given, it no longer is. One statement
    ///   does both, as each makes a whole row anew on PostgreSQL.
    package static func countPeers(
        _ change: Int,
        taking address: IPv4Address? = nil,
        of gateway: GatewayID,
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        let taken: SQL = address.map { PeerAddresses.following($0) } ?? ""
        try db.send(
            """
            UPDATE gateway SET peers_count = CASE
                WHEN \(SQL.isNumber("peers_count")) AND peers_count + \(change) >= 0
                THEN peers_count + \(change)
                ELSE (SELECT count(*) FROM peer WHERE peer.gateway_id = gateway.id) END\(taken)
            WHERE id = \(gateway) AND organization_id = \(organization)
            """
        )
    }

    package static func update(
        _ gateway: Gateway,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE gateway SET name = \(gateway.name), mtu = \(gateway.mtu),
                enables_sip_trunking = \(gateway.enablesSIPTrunking),
                services = \(gateway.serviceNames.map { WordList($0) }),
                persistent_keepalive = \(gateway.persistentKeepalive), status = \(gateway.status),
                status_reason = \(gateway.statusReason), lacks_egress = \(gateway.lacksEgress),
                updated_at = \(gateway.updatedAt)
            WHERE id = \(gateway.id) AND organization_id = \(gateway.organizationID)
            """
        )
    }

    /// Its peers have to be deleted before. Its subnet is quarantined, as a peer's address is.
    package static func delete(
        _ gateway: Gateway,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try Meters.close(gateway, at: now, db)
        try db.execute(
            """
            DELETE FROM gateway
            WHERE id = \(gateway.id) AND organization_id = \(gateway.organizationID)
            """
        )
        try ReleasedSubnets.put(gateway.subnet, of: gateway, at: now, db)
    }

    private static func isIn(_ scope: Scope) -> SQL {
        SQL.isIn(scope, organization: "gateway.organization_id", network: "gateway.network_id")
    }

    private static let selection: SQL = """
        SELECT gateway.id, gateway.organization_id, gateway.network_id, gateway.region_code,
            gateway.node_id, gateway.name, gateway.enables_sip_trunking, gateway.services, gateway.status,
            gateway.status_reason, gateway.lacks_egress, gateway.egress_range,
            gateway.public_key, gateway.endpoint_address, gateway.port, gateway.subnet,
            gateway.given_address, gateway.mtu, gateway.persistent_keepalive, gateway.peers_count,
            gateway.latest_handshake_at, gateway.rx_bytes, gateway.tx_bytes,
            gateway.egress_left_bytes, gateway.egress_entered_bytes,
            gateway.created_at, gateway.updated_at,
            \(Regions.joinedColumns)
        FROM gateway LEFT JOIN region ON region.code = gateway.region_code
        """

    private static func gateway(_ row: Row) throws(StoreError) -> Gateway {
        let subnet = try row.subnet()
        return Gateway(
            id: try row.value("id"),
            organizationID: try row.value("organization_id"),
            networkID: try row.value("network_id"),
            region: try Regions.joined(row),
            nodeID: try row.value("node_id"),
            name: try row.optional("name"),
            enablesSIPTrunking: try row.value("enables_sip_trunking"),
            serviceNames: try row.serviceNames(),
            status: try row.value("status"),
            statusReason: try row.optional("status_reason"),
            lacksEgress: try row.value("lacks_egress"),
            publicKey: try row.value("public_key"),
            endpoint: PublicEndpoint(
                host: try row.value("endpoint_address"),
                port: try row.port()
            ),
            subnet: subnet,
            givenAddress: try row.givenAddress(in: subnet),
            egressRange: try row.optional("egress_range"),
            mtu: try row.mtu(),
            persistentKeepalive: try row.optional("persistent_keepalive"),
            createdAt: try row.value("created_at"),
            updatedAt: try row.value("updated_at"),
            activity: GatewayActivity(
                peersCount: try row.value("peers_count"),
                latestHandshakeAt: try row.optional("latest_handshake_at"),
                rxBytes: try row.value("rx_bytes"),
                txBytes: try row.value("tx_bytes"),
                egress: try row.egressBytes()
            )
        )
    }
}

extension ListOrder<GatewaySortMember> {
    fileprivate var sql: SQL {
        let column: SQL =
            switch member {
            case .age: "gateway.created_revision"
            case .name: SQL.caseless("gateway.name")
            case .peersCount: "gateway.peers_count"
            case .rxBytes: "gateway.rx_bytes"
            case .txBytes: "gateway.tx_bytes"
            }
        return sql(by: column, in: "gateway.")
    }
}
