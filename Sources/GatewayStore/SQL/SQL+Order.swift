import GatewayDomain

extension ListOrder {
    /// What stands behind ORDER BY, for a table whose rows know the revision of their creation.
    ///
    /// - Parameter prefix: the name of the table and a dot, where a statement has several tables.
    func sql(by column: SQL, in prefix: SQL = "") -> SQL {
        let direction: SQL = isDescending ? " DESC" : ""
        // As SQLite has them by itself. An index for such an order has to say so on PostgreSQL.
        let nulls: SQL = isDescending ? "NULLS LAST" : "NULLS FIRST"
        let age: SQL = "\(prefix)created_revision\(direction), \(prefix)id\(direction)"
        return member == .age ? age : "\(column)\(direction) \(nulls), \(age)"
    }

    var reversed: ListOrder { ListOrder(by: member, isDescending: !isDescending) }
}
