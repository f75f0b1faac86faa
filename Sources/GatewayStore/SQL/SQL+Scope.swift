package import GatewayDomain

extension SQL {
    /// The condition that the row with these columns is in the scope.
    package static func isIn(
        _ scope: Scope,
        organization: SQL = "organization_id",
        network: SQL
    ) -> SQL {
        var condition: SQL = "\(organization) = \(scope.organizationID)"
        if let ids = scope.networkIDs {
            condition.append(" AND \(network) IN (\(list(ids.sorted())))")
        }
        return condition
    }

    /// For a row that belongs to a gateway, in the column `gateway_id`.
    package static func belongsToGateway(in scope: Scope) -> SQL {
        var condition: SQL = "organization_id = \(scope.organizationID)"
        if let ids = scope.networkIDs {
            condition.append(
                " AND gateway_id IN (SELECT id FROM gateway WHERE network_id IN (\(list(ids.sorted()))))"
            )
        }
        return condition
    }

    /// For `IN`. An empty list, which PostgreSQL does not take, is NULL, in which nothing is.
    static func list(_ values: [some SQLColumn]) -> SQL {
        guard !values.isEmpty else { return "NULL" }
        var list: SQL = ""
        for (index, value) in values.enumerated() {
            if index > 0 { list.append(", ") }
            list.append("\(value)")
        }
        return list
    }
}
