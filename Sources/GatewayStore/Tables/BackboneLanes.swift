package import GatewayDomain
package import WireGuardCrypto

/// Every statement about the lanes of links is here. A lane has a row for each of its two sides.
package enum BackboneLanes {
    /// One side of a lane.
    package struct Side: Sendable {
        package let link: BackboneLinkID
        package let number: Int
        package let gatewayID: GatewayID
        package let nodeID: NodeID
        package let port: UInt16
        package let publicKey: PublicKey
        package let sealedPrivateKey: [UInt8]

        package init(
            link: BackboneLinkID,
            number: Int,
            gatewayID: GatewayID,
            nodeID: NodeID,
            port: UInt16,
            publicKey: PublicKey,
            sealedPrivateKey: [UInt8]
        ) {
            self.link = link
            self.number = number
            self.gatewayID = gatewayID
            self.nodeID = nodeID
            self.port = port
            self.publicKey = publicKey
            self.sealedPrivateKey = sealedPrivateKey
        }

        /// What its private key is sealed for.
        package var keyName: String {
            BackboneLanes.keyName(of: link, number: number, gateway: gatewayID)
        }
    }

    /// Under which the private key of a side is sealed.
    package static func keyName(
        of link: BackboneLinkID,
        number: Int,
        gateway: GatewayID
    ) -> String {
        "\(link) \(number) \(gateway)"
    }

    package static func insert(
        _ side: Side,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO backbone_lane (link_id, number, gateway_id, node_id, port, public_key,
                sealed_private_key)
            VALUES (\(side.link), \(side.number), \(side.gatewayID), \(side.nodeID),
                \(side.port), \(side.publicKey), \(side.sealedPrivateKey))
            """
        )
    }

    /// Those of one end of a link.
    package static func delete(
        of gateway: GatewayID,
        of link: BackboneLinkID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            "DELETE FROM backbone_lane WHERE link_id = \(link) AND gateway_id = \(gateway)"
        )
    }

    /// Of a link, in the order of their numbers. A side that cannot be read is left out.
    package static func all(
        of link: BackboneLinkID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Side] {
        try db.readable(
            """
            SELECT link_id, number, gateway_id, node_id, port, public_key, sealed_private_key
            FROM backbone_lane WHERE link_id = \(link) ORDER BY number, gateway_id
            """,
            in: "backbone_lane",
            id: "link_id",
            side
        )
    }

    private static func side(_ row: Row) throws(StoreError) -> Side {
        Side(
            link: try row.value("link_id"),
            number: try row.value("number"),
            gatewayID: try row.value("gateway_id"),
            nodeID: try row.value("node_id"),
            port: try row.port(),
            publicKey: try row.value("public_key"),
            sealedPrivateKey: try row.value("sealed_private_key")
        )
    }
}
