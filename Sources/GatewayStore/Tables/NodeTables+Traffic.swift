package import GatewayDomain

/// What the gateways and peers of all nodes have carried, as their reports added it up.
extension NodeTables {
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
