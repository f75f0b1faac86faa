/// What SQL is written against, inside one transaction. One driver for each engine implements it.
package protocol SQLConnection {
    func rows(_ sql: SQL) throws(StoreError) -> [Row]

    /// Answers how many rows were changed.
    @discardableResult func execute(_ sql: SQL) throws(StoreError) -> Int

    /// Several statements without bindings, for migrations.
    func executeScript(_ text: String) throws(StoreError)
}

extension SQLConnection {
    package func row(_ sql: SQL) throws(StoreError) -> Row? {
        try rows(sql).first
    }

    /// The one number that the statement asks for, under the name `value`.
    package func number(_ sql: SQL) throws(StoreError) -> Int {
        try row(sql)?.value("value") ?? 0
    }
}
