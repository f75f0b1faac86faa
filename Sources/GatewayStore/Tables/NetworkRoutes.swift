package import GatewayDomain
package import NetAddress

/// The effective tables of networks: every statement about them is here. What is in them is written by
/// others, each route by the object that puts it there.
package enum NetworkRoutes {
    package static func find(
        _ id: NetworkRouteID,
        in scope: Scope,
        _ db: any SQLConnection
    ) throws(StoreError) -> NetworkRoute? {
        // Each part by its key: a scan of all routes would look at the peers of an organization.
        try db.object(
            "\(routes(in: scope, "id = \(id)")) LIMIT 1",
            in: "network_route",
            route
        )
    }

    /// The static route of a network to a prefix.
    package static func find(
        _ prefix: IPPrefix,
        in network: NetworkID,
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> NetworkRoute? {
        let row = try db.row(
            """
            SELECT id FROM peer_prefix
            WHERE network_id = \(network) AND organization_id = \(organization)
                AND prefix = \(prefix)
            """
        )
        guard let id: NetworkRouteID = try row?.value("id") else { return nil }
        return try find(id, in: Scope(organizationID: organization), db)
    }

    /// In the order in which they came.
    package static func list(
        in scope: Scope,
        networkID: NetworkID?,
        page: Page,
        _ db: any SQLConnection
    ) throws(StoreError) -> PageOf<NetworkRoute> {
        let condition: SQL = networkID.map { "network_id = \($0)" } ?? "1 = 1"
        let routes = routes(in: scope, condition)
        return PageOf(
            elements: try db.readable(
                """
                SELECT * FROM (\(routes)) AS route ORDER BY created_revision, prefix, id
                LIMIT \(page.size) OFFSET \(page.offset)
                """,
                in: "network_route",
                route
            ),
            page: page,
            totalResults: try db.number("SELECT count(*) AS value FROM (\(routes)) AS route")
        )
    }

    /// The peer that a static route leads to; nil for a route of another kind.
    package static func peer(
        of route: NetworkRoute
    ) -> PeerID? {
        guard route.origin == .static else { return nil }
        return PeerID(route.nextHop.id)
    }

    /// - Parameter condition: of each table that routes come from.
    private static func routes(in scope: Scope, _ condition: SQL) -> SQL {
        let everything = IPv4Prefix.everything
        let row: SQL = "\(SQL.isIn(scope, network: "network_id")) AND \(condition)"
        let carried: SQL = """
            (gateway.status = \(InterfaceStatus.provisioned) OR gateway.lacks_egress <> 0)
            """
        // Where a region has an internet gateway, nothing of its gateways goes to the default gateway.
        let needsDefault: SQL = """
            EXISTS (SELECT 1 FROM gateway WHERE gateway.network_id = default_gateway.network_id
                AND NOT EXISTS (SELECT 1 FROM internet_gateway AS internet
                    WHERE internet.network_id = gateway.network_id
                        AND internet.region_code = gateway.region_code))
            """
        return """
            SELECT id, organization_id, network_id, subnet AS prefix,
                \(NetworkRoute.NextHop.HopKind.gateway) AS hop_kind, id AS hop_id,
                \(NetworkRoute.Origin.attachment) AS origin, \(carried) AS is_active,
                created_at, created_at AS updated_at, created_revision
            FROM gateway WHERE \(row)
            UNION ALL
            SELECT id, organization_id, network_id, prefix, \(NetworkRoute.NextHop.HopKind.peer),
                peer_id, \(NetworkRoute.Origin.static),
                EXISTS (SELECT 1 FROM peer JOIN gateway ON gateway.id = peer.gateway_id
                    WHERE peer.id = peer_prefix.peer_id AND \(carried)),
                created_at, created_at, created_revision
            FROM peer_prefix WHERE \(row)
            UNION ALL
            SELECT id, organization_id, network_id, \(everything),
                \(NetworkRoute.NextHop.HopKind.peer), peer_id, \(NetworkRoute.Origin.attachment),
                status = \(InterfaceStatus.provisioned) AND \(needsDefault), created_at, updated_at,
                created_revision
            FROM default_gateway WHERE \(row) AND peer_id IS NOT NULL
            UNION ALL
            SELECT id, organization_id, network_id, \(everything),
                \(NetworkRoute.NextHop.HopKind.internetGateway), id,
                \(NetworkRoute.Origin.attachment), status = \(InterfaceStatus.provisioned),
                created_at, updated_at, created_revision
            FROM internet_gateway WHERE \(row)
            """
    }

    private static func route(_ row: Row) throws(StoreError) -> NetworkRoute {
        NetworkRoute(
            id: try row.value("id"),
            organizationID: try row.value("organization_id"),
            networkID: try row.value("network_id"),
            prefix: try row.value("prefix"),
            nextHop: NetworkRoute.NextHop(
                kind: try row.value("hop_kind"),
                id: try row.value("hop_id")
            ),
            origin: try row.value("origin"),
            status: try row.value("is_active") ? .active : .inactive,
            createdAt: try row.value("created_at"),
            updatedAt: try row.value("updated_at")
        )
    }
}

extension NetworkRoute.Origin: SQLColumn {
    package static var substitute: NetworkRoute.Origin { .attachment }
}

extension NetworkRoute.NextHop.HopKind: SQLColumn {
    package static var substitute: NetworkRoute.NextHop.HopKind { .peer }
}
