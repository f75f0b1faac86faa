package import GatewayDomain
package import NetAddress
package import WireGuardCrypto

/// Every statement of a node: what it carries and what it reports. None names an organization,
/// because a node carries gateways of all of them; each names the node.
package enum NodeTables {
    package struct SealedGateway: Sendable {
        package let id: GatewayID
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
    private static func isOn(_ node: GatewayNode) -> SQL {
        node.isEmbedded
            ? """
            NOT EXISTS (SELECT 1 FROM gateway
                WHERE gateway.id = peer.gateway_id AND gateway.node_id <> \(node.id))
            """
            : "gateway_id IN (SELECT id FROM gateway WHERE node_id = \(node.id))"
    }

    /// Nil where no gateway of the node has it.
    package static func peer(
        _ id: PeerID,
        on node: GatewayNode,
        _ db: any SQLConnection
    ) throws(StoreError) -> (gateway: GatewayID?, row: Found<SealedPeer>)? {
        let row = try db.row("SELECT \(peerColumns) FROM peer WHERE id = \(id) AND \(isOn(node))")
        guard let row else { return nil }
        return (gatewayID(row), try found(row, "peer", peer, db))
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
        rx_bytes = rx_bytes + min(\(rx), \(UInt64.mostCounted) - rx_bytes),
        tx_bytes = tx_bytes + min(\(tx), \(UInt64.mostCounted) - tx_bytes),
        egress_left_bytes = egress_left_bytes + min(\(egress.left), \(UInt64.mostCounted) - egress_left_bytes),
        egress_entered_bytes = egress_entered_bytes + min(\(egress.entered), \(UInt64.mostCounted) - egress_entered_bytes)
        """
    }

    package static func traffic(_ db: any SQLConnection) throws(StoreError) -> [GatewayTraffic] {
        try db.readable(
            "SELECT id, peers_count, rx_bytes, tx_bytes FROM gateway ORDER BY id",
            in: "gateway"
        ) { row throws(StoreError) in
            GatewayTraffic(
                id: try row.value("id"),
                peersCount: try row.value("peers_count"),
                rxBytes: try row.value("rx_bytes"),
                txBytes: try row.value("tx_bytes")
            )
        }
    }

    package static func peerTraffic(_ db: any SQLConnection) throws(StoreError) -> [PeerTraffic] {
        try db.readable(
            """
            SELECT id, gateway_id, rx_bytes, tx_bytes, egress_left_bytes, egress_entered_bytes
            FROM peer ORDER BY id
            """,
            in: "peer"
        ) { row throws(StoreError) in
            PeerTraffic(
                id: try row.value("id"),
                gatewayID: try row.value("gateway_id"),
                rxBytes: try row.value("rx_bytes"),
                txBytes: try row.value("tx_bytes"),
                egress: try row.egressBytes()
            )
        }
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

    private static func gatewayID(_ row: Row) -> GatewayID? {
        try? row.value("gateway_id")
    }

    private static func gateway(_ row: Row) throws(StoreError) -> SealedGateway {
        let subnet = try row.subnet()
        return SealedGateway(
            id: try row.value("id"),
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

extension Row {
    /// Of peers and of gateways.
    func egressBytes() throws(StoreError) -> EgressBytes {
        EgressBytes(
            left: try value("egress_left_bytes"),
            entered: try value("egress_entered_bytes")
        )
    }
}
