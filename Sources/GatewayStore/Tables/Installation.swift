/// Every statement about what the whole installation shares: it belongs to no organization.
package enum Installation {
    package static func value(
        of key: String,
        _ db: any SQLConnection
    ) throws(StoreError) -> [UInt8]? {
        try db.row("SELECT value FROM installation WHERE key = \(key)")?.value("value")
    }

    /// Set once; a second value for the same key is refused.
    package static func insert(
        _ value: [UInt8],
        for key: String,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute("INSERT INTO installation (key, value) VALUES (\(key), \(value))")
    }
}
