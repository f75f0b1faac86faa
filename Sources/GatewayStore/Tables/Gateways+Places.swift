package import GatewayDomain
package import NetAddress
package import WireGuardCrypto

/// What no two gateways can have: subnets that overlap within a network, a port of a node, and a key among all.
extension Gateways {
    /// For choosing another one: a subnet that cannot be read refuses, as any may overlap it.
    package static func subnets(
        of network: NetworkID,
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [IPv4Prefix] {
        try db.objects(subnetSelection(network, organization), in: "gateway", subnet)
    }

    /// Where one gateway of a network is, for those that must not be there too.
    package struct Place: Sendable {
        package let id: GatewayID
        package let gateway: ObjectLabel
        package let subnet: IPv4Prefix
        package let serverAddress: InterfaceAddress
    }

    /// A gateway whose place cannot be read refuses, as anything may overlap it.
    package static func places(
        in network: NetworkID,
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Place] {
        try db.objects(
            """
            SELECT id, name, subnet, given_address FROM gateway
            WHERE network_id = \(network) AND organization_id = \(organization)
            """,
            in: "gateway",
            place
        )
    }

    /// Also of those that cannot be read otherwise.
    package static func ids(
        in network: NetworkID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Set<GatewayID> {
        Set(
            try db.readable("SELECT id FROM gateway WHERE network_id = \(network)", in: "gateway") {
                row throws(StoreError) in try row.value("id")
            }
        )
    }

    /// For routes to them.
    package static func readableSubnets(
        of network: NetworkID,
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [IPv4Prefix] {
        try db.readable(subnetSelection(network, organization), in: "gateway", subnet)
    }

    private static func subnetSelection(
        _ network: NetworkID,
        _ organization: OrganizationID
    ) -> SQL {
        """
        SELECT id, subnet FROM gateway
        WHERE network_id = \(network) AND organization_id = \(organization)
        """
    }

    /// Names no organization: the ports are those of the one address that all gateways of a node share.
    package static func lowestFreePort(
        of node: GatewayNode,
        _ db: any SQLConnection
    ) throws(StoreError) -> UInt16? {
        let taken = try takenPorts(of: node, db)
        return (node.ports.first...node.ports.last).first { !taken.contains($0) }
    }

    /// For what no client is told: gateways have the lowest.
    package static func highestFreePort(
        of node: GatewayNode,
        _ db: any SQLConnection
    ) throws(StoreError) -> UInt16? {
        let taken = try takenPorts(of: node, db)
        return (node.ports.first...node.ports.last).last { !taken.contains($0) }
    }

    /// Of the node's range: those of gateways, and those of the lanes of links.
    package static func takenPorts(
        of node: GatewayNode,
        _ db: any SQLConnection
    ) throws(StoreError) -> Set<UInt16> {
        let range: SQL = """
            node_id = \(node.id) AND port BETWEEN \(node.ports.first) AND \(node.ports.last)
            """
        return Set(
            try db.readable(
                """
                SELECT port FROM gateway WHERE \(range)
                UNION ALL SELECT port FROM backbone_lane WHERE \(range)
                """,
                in: "gateway",
                id: "port",
                port
            )
        )
    }

    /// The gateway that has what no two can have.
    package struct Holder: Sendable {
        package let organizationID: OrganizationID
        package let gateway: ObjectLabel
    }

    /// The gateway that has a port of a node, for itself or for a link. Names no organization: all gateways of a
    /// node share one address, and with it the ports.
    package static func holder(
        ofPort port: UInt16,
        on node: NodeID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Holder? {
        let own = try db.object(
            "\(holderSelection) WHERE node_id = \(node) AND port = \(port)",
            in: "gateway",
            holder
        )
        if let own { return own }
        return try db.object(
            """
            \(holderSelection) WHERE id IN (SELECT gateway_id FROM backbone_lane
                WHERE node_id = \(node) AND port = \(port))
            """,
            in: "gateway",
            holder
        )
    }

    /// Names no organization: two gateways of one key would be one server to their peers.
    package static func holder(
        of key: PublicKey,
        _ db: any SQLConnection
    ) throws(StoreError) -> Holder? {
        try db.object("\(holderSelection) WHERE public_key = \(key)", in: "gateway", holder)
    }

    private static let holderSelection: SQL = "SELECT id, organization_id, name FROM gateway"

    private static func holder(_ row: Row) throws(StoreError) -> Holder {
        let id: GatewayID = try row.value("id")
        return Holder(
            organizationID: try row.value("organization_id"),
            gateway: ObjectLabel(id, named: try row.optional("name"))
        )
    }

    private static func place(_ row: Row) throws(StoreError) -> Place {
        let id: GatewayID = try row.value("id")
        let subnet = try row.subnet()
        return Place(
            id: id,
            gateway: ObjectLabel(id, named: try row.optional("name")),
            subnet: subnet,
            serverAddress: SubnetPlan.serverAddress(
                in: subnet,
                given: try row.givenAddress(in: subnet)
            )
        )
    }

    private static func subnet(_ row: Row) throws(StoreError) -> IPv4Prefix {
        try row.value("subnet")
    }

    private static func port(_ row: Row) throws(StoreError) -> UInt16 {
        try row.value("port")
    }
}
