package import GatewayDomain
package import NetAddress
package import WireGuardCrypto

/// Every statement of a node: what it carries, here and in `NodeTables+Links.swift`, and what it reports
/// (`NodeTables+Reports.swift`). None names an organization, because a node carries gateways of all of them; each names
/// the node.
package enum NodeTables {
    package struct SealedGateway: Sendable {
        package let id: GatewayID
        package let organizationID: OrganizationID
        package let networkID: NetworkID
        package let name: String?
        package let sealedPrivateKey: [UInt8]
        package let port: UInt16
        package let subnet: IPv4Prefix
        package let givenAddress: IPv4Address?
        package let mtu: Int
        package let status: InterfaceStatus
        package let statusReason: String?
        package let lacksEgress: Bool
        package let services: ServiceChoice
        package let egressRange: IPv4Prefix?
        /// Whether its network has an internet gateway in its region.
        package let hasInternet: Bool
    }

    package struct SealedPeer: Sendable {
        package let id: PeerID
        package let gatewayID: GatewayID
        package let publicKey: PublicKey
        package let sealedPresharedKey: [UInt8]?
        package let address: IPv4Address
        package let allowedIPs: [IPPrefix]
        package let isDefaultGateway: Bool
        package let lastEndpoint: Endpoint?
        package let lastSeen: Timestamp?
    }

    /// A row, or the column because of which it cannot be read.
    package enum Found<Object: Sendable>: Sendable {
        case readable(Object)
        case damaged(column: String)
    }

    /// In the order of their creation, in which they take what the node has too little of.
    package static func gateways(
        on node: NodeID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [(id: GatewayID, row: Found<SealedGateway>)] {
        try db.readable(
            """
            SELECT \(gatewayColumns) FROM gateway WHERE node_id = \(node)
            ORDER BY created_revision, id
            """,
            in: "gateway"
        ) { row throws(StoreError) in
            (try row.value("id"), try found(row, "gateway", gateway, db))
        }
    }

    /// Those that have one of these ids, or whose organization has. Of very many ids, one may be found twice.
    package static func gateways(
        on node: NodeID,
        limitedAs ids: [String],
        _ db: any SQLConnection
    ) throws(StoreError) -> [GatewayID] {
        var found: [GatewayID] = []
        var rest = ids[...]
        while !rest.isEmpty {
            let some = SQL.list(Array(rest.prefix(mostAtOnce)))
            rest = rest.dropFirst(mostAtOnce)
            let sql: SQL = """
                SELECT id FROM gateway
                WHERE node_id = \(node) AND (id IN (\(some)) OR organization_id IN (\(some)))
                ORDER BY created_revision, id
                """
            found += try db.readable(sql.notKept, in: "gateway") { row throws(StoreError) in
                try row.value("id")
            }
        }
        return found
    }

    /// Nil where the node does not have it.
    package static func gateway(
        _ id: GatewayID,
        on node: NodeID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Found<SealedGateway>? {
        let row = try db.row(
            "SELECT \(gatewayColumns) FROM gateway WHERE id = \(id) AND node_id = \(node)"
        )
        guard let row else { return nil }
        return try found(row, "gateway", gateway, db)
    }

    /// The gateway's id is nil where that cannot be read either.
    package typealias FoundPeer = (id: PeerID, gateway: GatewayID?, row: Found<SealedPeer>)

    package static func peers(
        on node: GatewayNode,
        _ db: any SQLConnection
    ) throws(StoreError) -> [FoundPeer] {
        try peers(isOn(node), db)
    }

    package static func peers(
        of gateway: GatewayID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [FoundPeer] {
        try peers("gateway_id = \(gateway)", db)
    }

    /// Those of the peers that a gateway of the node has.
    package static func peers(
        _ ids: [PeerID],
        on node: GatewayNode,
        _ db: any SQLConnection
    ) throws(StoreError) -> [FoundPeer] {
        var found: [FoundPeer] = []
        var rest = ids[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(mostAtOnce))
            rest = rest.dropFirst(mostAtOnce)
            let condition: SQL = "id IN (\(SQL.list(some))) AND \(isOn(node))"
            // Each number of ids makes another text.
            found += try peers(some.count == 1 ? condition : condition.notKept, db)
        }
        return found
    }

    /// Ids that one statement names: for many more, SQLite would look at all peers of the node's gateways.
    private static let mostAtOnce = 100

    private static func peers(
        _ condition: SQL,
        _ db: any SQLConnection
    ) throws(StoreError) -> [FoundPeer] {
        try db.readable(
            "SELECT \(peerColumns) FROM peer WHERE \(condition) ORDER BY id",
            in: "peer"
        ) {
            row throws(StoreError) in
            (try row.value("id"), gatewayID(row), try found(row, "peer", peer, db))
        }
    }

    /// A peer that does not say of which gateway it is, is told to the embedded node alone, which says so.
    static func isOn(_ node: GatewayNode) -> SQL {
        node.isEmbedded
            ? """
            NOT EXISTS (SELECT 1 FROM gateway
                WHERE gateway.id = peer.gateway_id AND gateway.node_id <> \(node.id))
            """
            : "gateway_id IN (SELECT id FROM gateway WHERE node_id = \(node.id))"
    }

    package static func gateways(
        of node: NodeID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [GatewayID] {
        try db.readable("SELECT id FROM gateway WHERE node_id = \(node)", in: "gateway") {
            row throws(StoreError) in try row.value("id")
        }
    }

    /// Whether a gateway of the node has the peer.
    package static func has(
        _ peer: PeerID,
        _ node: GatewayNode,
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        try db.number("SELECT count(*) AS value FROM peer WHERE id = \(peer) AND \(isOn(node))") > 0
    }

    private static let gatewayColumns: SQL =
        """
        id, organization_id, network_id, name, sealed_private_key, port, subnet, given_address, mtu, status,
        status_reason, lacks_egress, region_code, enables_sip_trunking, services, egress_range,
        \(leadsToInternet) AS has_internet
        """

    static let leadsToInternet: SQL =
        """
        EXISTS (SELECT 1 FROM internet_gateway
            WHERE internet_gateway.network_id = gateway.network_id
                AND internet_gateway.region_code = gateway.region_code)
        """

    private static let peerColumns: SQL = """
        id, gateway_id, public_key, sealed_preshared_key, address, endpoint, last_seen,
        \(PeerPrefixes.column), \(DefaultGateways.column)
        """

    private static func found<Object>(
        _ row: Row,
        _ table: String,
        _ read: (Row) throws(StoreError) -> Object,
        _ db: any SQLConnection
    ) throws(StoreError) -> Found<Object> {
        do throws(StoreError) {
            return .readable(try read(row))
        } catch {
            guard case .unreadableColumn(let column) = error else { throw error }
            db.damage.note(DamagedRow(table: table, id: row.text("id"), column: column))
            return .damaged(column: column)
        }
    }

    static func gatewayID(_ row: Row) -> GatewayID? {
        try? row.value("gateway_id")
    }

    private static func gateway(_ row: Row) throws(StoreError) -> SealedGateway {
        let subnet = try row.subnet()
        return SealedGateway(
            id: try row.value("id"),
            organizationID: try row.value("organization_id"),
            networkID: try row.value("network_id"),
            name: try row.optional("name"),
            sealedPrivateKey: try row.value("sealed_private_key"),
            port: try row.port(),
            subnet: subnet,
            givenAddress: try row.givenAddress(in: subnet),
            mtu: try row.mtu(),
            status: try row.value("status"),
            statusReason: try row.optional("status_reason"),
            lacksEgress: try row.value("lacks_egress"),
            services: ServiceChoice(
                organizationID: try row.value("organization_id"),
                regionCode: try row.value("region_code"),
                isAll: try row.value("enables_sip_trunking"),
                names: try row.serviceNames()
            ),
            egressRange: try row.optional("egress_range"),
            hasInternet: try row.value("has_internet")
        )
    }

    private static func peer(_ row: Row) throws(StoreError) -> SealedPeer {
        SealedPeer(
            id: try row.value("id"),
            gatewayID: try row.value("gateway_id"),
            publicKey: try row.value("public_key"),
            sealedPresharedKey: try row.optional("sealed_preshared_key"),
            address: try row.value("address"),
            allowedIPs: try row.allowedIPs(),
            isDefaultGateway: try row.value("is_default_gateway"),
            lastEndpoint: try row.optional("endpoint"),
            lastSeen: try row.optional("last_seen")
        )
    }
}
