package import GatewayDomain

/// What SQL is written against, inside one transaction. One driver for each engine implements it.
package protocol SQLConnection {
    /// Collects the rows that cannot be read.
    var damage: DamagedRows { get }

    /// What the engine's clock says in a transaction that writes; nil where the process has the only clock.
    var time: Timestamp? { get }

    func rows(_ sql: SQL) throws(StoreError) -> [Row]

    /// - Returns: the number of rows that were changed.
    @discardableResult func execute(_ sql: SQL) throws(StoreError) -> Int

    /// A statement whose answer is not waited for. Where it fails, a later one does, and the whole transaction with
    /// all that shares it.
    func send(_ sql: SQL) throws(StoreError)

    /// Of rows, since the database was opened.
    var totalChanges: Int { get }

    /// Several statements without bindings, for migrations.
    func executeScript(_ text: String) throws(StoreError)
}

extension SQLConnection {
    /// Where statements cost no round trip.
    package func send(_ sql: SQL) throws(StoreError) { try execute(sql) }

    package func row(_ sql: SQL) throws(StoreError) -> Row? {
        try rows(sql).first
    }

    /// The one number that the statement asks for, under the name `value`.
    package func number(_ sql: SQL) throws(StoreError) -> Int {
        try row(sql)?.value("value") ?? 0
    }

    /// The one object that the statement selects; nil where there is none.
    package func object<Value>(
        _ sql: SQL,
        in table: String,
        id: String = "id",
        reading: Reading = .strict,
        _ read: (Row) throws(StoreError) -> Value
    ) throws(StoreError) -> Value? {
        try objects(sql, in: table, id: id, reading: reading, read).first
    }

    /// All objects that the statement selects. A row that cannot be read is noted, and refuses the
    /// whole answer or is read with substitutes.
    package func objects<Value>(
        _ sql: SQL,
        in table: String,
        id: String = "id",
        reading: Reading = .strict,
        _ read: (Row) throws(StoreError) -> Value
    ) throws(StoreError) -> [Value] {
        var values: [Value] = []
        for row in try rows(sql) {
            do throws(StoreError) {
                values.append(try read(row))
            } catch {
                guard case .unreadableColumn(let column) = error else { throw error }
                let damaged = DamagedRow(table: table, id: row.text(id), column: column)
                damage.note(damaged)
                guard reading == .forDeletion else { throw .damaged(damaged) }
                values.append(try read(row.substituting))
            }
        }
        return values
    }

    /// The rows of an answer that can be read. A row that cannot be read is noted in `damage` and left
    /// out, so that one damaged row does not fail the request for all others.
    package func readable<Value>(
        _ sql: SQL,
        in table: String,
        id: String = "id",
        _ read: (Row) throws(StoreError) -> Value
    ) throws(StoreError) -> [Value] {
        try readable(try rows(sql), in: table, id: id, read)
    }

    package func readable<Value>(
        _ rows: [Row],
        in table: String,
        id: String = "id",
        _ read: (Row) throws(StoreError) -> Value
    ) throws(StoreError) -> [Value] {
        var values: [Value] = []
        for row in rows {
            do throws(StoreError) {
                values.append(try read(row))
            } catch {
                guard case .unreadableColumn(let column) = error else { throw error }
                damage.note(DamagedRow(table: table, id: row.text(id), column: column))
            }
        }
        return values
    }
}
