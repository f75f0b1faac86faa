package import GatewayDomain
package import NetAddress

/// What a node reads of the links between gateways.
extension NodeTables {
    /// The links with an end on the node.
    package static func links(
        on node: NodeID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [BackboneLink] {
        try BackboneLinks.all("first_node_id = \(node) OR second_node_id = \(node)", db)
    }

    /// The links between others, in networks that have a gateway on the node.
    package static func distantLinks(
        of node: NodeID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [BackboneLink] {
        try distantLinks(
            of: node,
            "network_id IN (SELECT network_id FROM gateway WHERE node_id = \(node))",
            db
        )
    }

    package static func distantLinks(
        of node: NodeID,
        in network: NetworkID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [BackboneLink] {
        try distantLinks(of: node, "network_id = \(network)", db)
    }

    private static func distantLinks(
        of node: NodeID,
        _ condition: SQL,
        _ db: any SQLConnection
    ) throws(StoreError) -> [BackboneLink] {
        try BackboneLinks.all(
            "first_node_id <> \(node) AND second_node_id <> \(node) AND \(condition)",
            db
        )
    }

    package static func hasGateway(
        of network: NetworkID,
        on node: NodeID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        try db.row(
            """
            SELECT 1 AS value FROM gateway
            WHERE network_id = \(network) AND node_id = \(node) LIMIT 1
            """
        ) != nil
    }

    /// What the other end of a link has to know of a gateway.
    package struct LinkedGateway: Sendable {
        package let host: PublicHost
        package let serverAddress: IPAddress
        package let subnet: IPv4Prefix
    }

    /// Nil where the gateway does not exist, or its row cannot be read.
    package static func linked(
        _ id: GatewayID,
        _ db: any SQLConnection
    ) throws(StoreError) -> LinkedGateway? {
        try db.readable(
            """
            SELECT id, endpoint_address, subnet, given_address FROM gateway WHERE id = \(id)
            """,
            in: "gateway"
        ) { row throws(StoreError) in
            let subnet = try row.subnet()
            return LinkedGateway(
                host: try row.value("endpoint_address"),
                serverAddress: SubnetPlan.serverAddress(
                    in: subnet,
                    given: try row.givenAddress(in: subnet)
                ).address,
                subnet: subnet
            )
        }.first
    }

    /// The networks behind the peers of a gateway; everything, too, where the default gateway of its network is among
    /// them.
    package static func prefixes(
        behind gateway: GatewayID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [IPPrefix] {
        let sites: [IPPrefix] = try db.readable(
            """
            SELECT peer_prefix.peer_id, peer_prefix.prefix FROM peer
            JOIN peer_prefix ON peer_prefix.peer_id = peer.id
            WHERE peer.gateway_id = \(gateway) ORDER BY peer_prefix.first_address
            """,
            in: "peer_prefix",
            id: "peer_id"
        ) { row throws(StoreError) in try row.value("prefix") }
        let hasDefaultGateway = try db.row(
            """
            SELECT 1 AS value FROM default_gateway JOIN peer ON peer.id = default_gateway.peer_id
            WHERE peer.gateway_id = \(gateway) LIMIT 1
            """
        )
        return sites + (hasDefaultGateway == nil ? [] : [.v4(.everything)])
    }
}
