import GatewayDomain

/// PostgreSQL's side of `SQLConnection`. Lives as long as the transaction that it was made for.
struct PostgreSQLConnection: SQLConnection {
    let session: PostgreSQLSession
    let damage: DamagedRows
    /// The server's clock, behind the wait for other writers; nil in a transaction that only reads.
    var time: Timestamp?

    func rows(_ sql: SQL) throws(StoreError) -> [Row] { try session.run(sql).rows }

    func execute(_ sql: SQL) throws(StoreError) -> Int { try session.run(sql).changed }

    func send(_ sql: SQL) throws(StoreError) { try session.sendAside(sql) }

    var totalChanges: Int { session.totalChanges }

    func executeScript(_ text: String) throws(StoreError) { try session.runScript(text) }
}
