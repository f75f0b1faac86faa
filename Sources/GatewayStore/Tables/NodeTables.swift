package import GatewayDomain
package import NetAddress
package import WireGuardCrypto

/// Every statement of a node: what it carries and what it reports. None names an organization,
/// because a node carries the gateways of all of them.
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
    }

    package struct SealedPeer: Sendable {
        package let id: PeerID
        package let gatewayID: GatewayID
        package let publicKey: PublicKey
        package let sealedPresharedKey: [UInt8]?
        package let address: IPv4Address
        package let allowedIPs: [IPPrefix]
        package let lastEndpoint: Endpoint?
        package let lastSeen: Timestamp?
    }

    /// A row, or the column because of which it cannot be read.
    package enum Found<Object: Sendable>: Sendable {
        case readable(Object)
        case damaged(column: String)
    }

    package static func gateways(
        _ db: any SQLConnection
    ) throws(StoreError) -> [(id: GatewayID, row: Found<SealedGateway>)] {
        try db.readable("SELECT \(gatewayColumns) FROM gateway ORDER BY id", in: "gateway") {
            row throws(StoreError) in
            (try row.value("id"), try found(row, "gateway", gateway, db))
        }
    }

    package static func gateway(
        _ id: GatewayID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Found<SealedGateway>? {
        let row = try db.row("SELECT \(gatewayColumns) FROM gateway WHERE id = \(id)")
        guard let row else { return nil }
        return try found(row, "gateway", gateway, db)
    }

    /// The gateway's id is nil where that cannot be read either.
    package static func peers(
        _ db: any SQLConnection
    ) throws(StoreError) -> [(id: PeerID, gateway: GatewayID?, row: Found<SealedPeer>)] {
        try db.readable("SELECT \(peerColumns) FROM peer ORDER BY id", in: "peer") {
            row throws(StoreError) in
            (try row.value("id"), gatewayID(row), try found(row, "peer", peer, db))
        }
    }

    package static func peer(
        _ id: PeerID,
        _ db: any SQLConnection
    ) throws(StoreError) -> (gateway: GatewayID?, row: Found<SealedPeer>)? {
        let row = try db.row("SELECT \(peerColumns) FROM peer WHERE id = \(id)")
        guard let row else { return nil }
        return (gatewayID(row), try found(row, "peer", peer, db))
    }

    /// For a gateway whose other columns cannot be read, and which therefore gets no journal entry.
    package static func setStatus(
        of gateway: GatewayID,
        to status: InterfaceStatus,
        because reason: String?,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE gateway SET status = \(status), status_reason = \(reason)
            WHERE id = \(gateway) AND status <> \(InterfaceStatus.deleting)
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
                updated_at = \(gateway.updatedAt)
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

    /// Adds what a peer moved, and answers its gateway. Nil when there is no such peer, or its row
    /// does not say of which gateway it is.
    package static func addActivity(
        _ added: PeerActivity,
        of peer: PeerID,
        _ db: any SQLConnection
    ) throws(StoreError) -> GatewayID? {
        let row = try db.row(
            """
            UPDATE peer SET last_seen = coalesce(\(added.lastSeen), last_seen),
                latest_echo_at = coalesce(\(added.latestEchoAt), latest_echo_at),
                endpoint = coalesce(\(added.endpoint), endpoint),
                rx_bytes = rx_bytes + \(added.rxBytes), tx_bytes = tx_bytes + \(added.txBytes)
            WHERE id = \(peer)
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
                rx_bytes = rx_bytes + \(added.rxBytes), tx_bytes = tx_bytes + \(added.txBytes)
            WHERE id = \(gateway)
            """
        )
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
            "SELECT id, gateway_id, rx_bytes, tx_bytes FROM peer ORDER BY id",
            in: "peer"
        ) { row throws(StoreError) in
            PeerTraffic(
                id: try row.value("id"),
                gatewayID: try row.value("gateway_id"),
                rxBytes: try row.value("rx_bytes"),
                txBytes: try row.value("tx_bytes")
            )
        }
    }

    private static let gatewayColumns: SQL =
        """
        id, network_id, name, sealed_private_key, port, subnet, given_address, mtu, status,
        status_reason
        """

    private static let peerColumns: SQL = """
        id, gateway_id, public_key, sealed_preshared_key, address, endpoint, last_seen,
        \(PeerPrefixes.column)
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
            statusReason: try row.optional("status_reason")
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
            lastEndpoint: try row.optional("endpoint"),
            lastSeen: try row.optional("last_seen")
        )
    }
}
