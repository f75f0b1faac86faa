package import GatewayDomain

/// Every statement about links between gateways, except those of nodes, is here.
package enum BackboneLinks {
    package static func insert(
        _ link: BackboneLink,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO backbone_link (id, organization_id, network_id, lanes_count, mtu,
                first_gateway_id, first_region_code, first_node_id, first_state,
                first_via_gateway_id, second_gateway_id, second_region_code, second_node_id,
                second_state, second_via_gateway_id, first_services, first_internet,
                first_egress_range, second_services, second_internet, second_egress_range,
                state_since, created_at, updated_at, created_revision)
            VALUES (\(link.id), \(link.organizationID), \(link.networkID), \(link.lanesCount),
                \(link.mtu), \(link.first.gatewayID), \(link.first.regionCode),
                \(link.first.nodeID), \(link.first.state), \(link.first.viaGatewayID),
                \(link.second.gatewayID), \(link.second.regionCode), \(link.second.nodeID),
                \(link.second.state), \(link.second.viaGatewayID),
                \(WordList(link.first.services)), \(link.first.hasInternet),
                \(link.first.egressRange), \(WordList(link.second.services)),
                \(link.second.hasInternet), \(link.second.egressRange),
                \(link.stateSince), \(link.createdAt), \(link.updatedAt), \(Events.nextRevision))
            """
        )
    }

    package static func update(
        _ link: BackboneLink,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE backbone_link SET mtu = \(link.mtu), first_node_id = \(link.first.nodeID),
                first_state = \(link.first.state),
                first_via_gateway_id = \(link.first.viaGatewayID),
                second_node_id = \(link.second.nodeID), second_state = \(link.second.state),
                second_via_gateway_id = \(link.second.viaGatewayID),
                first_services = \(WordList(link.first.services)),
                first_internet = \(link.first.hasInternet),
                first_egress_range = \(link.first.egressRange),
                second_services = \(WordList(link.second.services)),
                second_internet = \(link.second.hasInternet),
                second_egress_range = \(link.second.egressRange),
                state_since = \(link.stateSince), updated_at = \(link.updatedAt)
            WHERE id = \(link.id) AND organization_id = \(link.organizationID)
            """
        )
    }

    /// Its lanes go with it.
    package static func delete(
        _ link: BackboneLink,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            DELETE FROM backbone_link
            WHERE id = \(link.id) AND organization_id = \(link.organizationID)
            """
        )
    }

    package static func find(
        _ id: BackboneLinkID,
        in scope: Scope,
        _ db: any SQLConnection
    ) throws(StoreError) -> BackboneLink? {
        try db.object(
            "\(selection) WHERE id = \(id) AND \(isIn(scope))",
            in: "backbone_link",
            link
        )
    }

    /// Names no organization: a node reports, which has links of all of them.
    package static func find(
        _ id: BackboneLinkID,
        _ db: any SQLConnection
    ) throws(StoreError) -> BackboneLink? {
        try db.object("\(selection) WHERE id = \(id)", in: "backbone_link", link)
    }

    package static func list(
        in scope: Scope,
        _ filter: BackboneLinkFilter,
        page: Page,
        _ db: any SQLConnection
    ) throws(StoreError) -> PageOf<BackboneLink> {
        var condition = isIn(scope)
        if let network = filter.networkID { condition.append(" AND network_id = \(network)") }
        if let gateway = filter.gatewayID { condition.append(" AND \(isOf(gateway))") }
        return PageOf(
            elements: try db.readable(
                """
                \(selection) WHERE \(condition) ORDER BY created_revision, id
                LIMIT \(page.size) OFFSET \(page.offset)
                """,
                in: "backbone_link",
                link
            ),
            page: page,
            totalResults: try db.number(
                "SELECT count(*) AS value FROM backbone_link WHERE \(condition)"
            )
        )
    }

    /// Those of all organizations.
    package static func all(_ db: any SQLConnection) throws(StoreError) -> [BackboneLink] {
        try all("1 = 1", db)
    }

    /// Those of all organizations over which peers leave their networks.
    package static func withWaysOut(_ db: any SQLConnection) throws(StoreError) -> [BackboneLink] {
        try all(
            """
            first_services <> '' OR second_services <> '' OR first_internet <> 0
                OR second_internet <> 0
            """,
            db
        )
    }

    /// Those of a network.
    package static func all(
        of network: NetworkID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [BackboneLink] {
        try all("network_id = \(network)", db)
    }

    package static func all(
        of gateway: GatewayID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [BackboneLink] {
        try all(isOf(gateway), db)
    }

    /// The one between two gateways, in whichever order.
    package static func find(
        between one: GatewayID,
        and other: GatewayID,
        _ db: any SQLConnection
    ) throws(StoreError) -> BackboneLink? {
        try all(
            """
            first_gateway_id = \(min(one, other)) AND second_gateway_id = \(max(one, other))
            """,
            db
        ).first
    }

    /// Those that an organization sees and that are not as they should be, the oldest first.
    package static func troubled(
        in scope: Scope,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> [BackboneLink] {
        let troubles: SQL = "(\(LinkState.detour), \(LinkState.down))"
        return try db.readable(
            """
            \(selection) WHERE \(isIn(scope))
                AND (first_state IN \(troubles) OR second_state IN \(troubles))
            ORDER BY created_revision, id LIMIT \(limit)
            """,
            in: "backbone_link",
            link
        )
    }

    static func all(
        _ condition: SQL,
        _ db: any SQLConnection
    ) throws(StoreError) -> [BackboneLink] {
        try db.readable(
            "\(selection) WHERE \(condition) ORDER BY created_revision, id",
            in: "backbone_link",
            link
        )
    }

    private static func isOf(_ gateway: GatewayID) -> SQL {
        "(first_gateway_id = \(gateway) OR second_gateway_id = \(gateway))"
    }

    private static func isIn(_ scope: Scope) -> SQL {
        SQL.isIn(scope, organization: "organization_id", network: "network_id")
    }

    private static let selection: SQL = """
        SELECT id, organization_id, network_id, lanes_count, mtu, first_gateway_id,
            first_region_code, first_node_id, first_state, first_via_gateway_id,
            second_gateway_id, second_region_code, second_node_id, second_state,
            second_via_gateway_id, first_services, first_internet, first_egress_range,
            second_services, second_internet, second_egress_range, state_since, created_at,
            updated_at
        FROM backbone_link
        """

    private static func link(_ row: Row) throws(StoreError) -> BackboneLink {
        BackboneLink(
            id: try row.value("id"),
            organizationID: try row.value("organization_id"),
            networkID: try row.value("network_id"),
            lanesCount: try row.value("lanes_count") { (1...16).contains($0) },
            mtu: try row.mtu(),
            first: try end("first", row),
            second: try end("second", row),
            stateSince: try row.value("state_since"),
            createdAt: try row.value("created_at"),
            updatedAt: try row.value("updated_at")
        )
    }

    private static func end(_ side: String, _ row: Row) throws(StoreError) -> LinkEnd {
        LinkEnd(
            gatewayID: try row.value("\(side)_gateway_id"),
            regionCode: try row.value("\(side)_region_code"),
            nodeID: try row.value("\(side)_node_id"),
            state: try row.value("\(side)_state"),
            viaGatewayID: try row.optional("\(side)_via_gateway_id"),
            services: try row.list("\(side)_services") { $0 },
            hasInternet: try row.value("\(side)_internet"),
            egressRange: try row.optional("\(side)_egress_range")
        )
    }
}
