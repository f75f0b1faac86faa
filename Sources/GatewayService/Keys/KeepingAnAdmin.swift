import GatewayDomain
import GatewayStore

/// Makes a change to keys, users or organizations, and refuses it where it would leave the installation
/// without an admin that lasts: a key, or a user with a password. The refusal undoes the transaction.
func keepingAnAdmin(_ tx: Transaction, _ change: () throws -> Void) throws {
    let before = try lastAdminEnd(tx.db)
    try change()
    let after = try lastAdminEnd(tx.db)
    guard let before, before > tx.time, before != after else { return }
    // Keys that end do not replace one that does not end, but may replace one another.
    guard before != .distantFuture, let after, after > tx.time else {
        throw ServiceError.lastAdmin
    }
}

private func lastAdminEnd(_ db: any SQLConnection) throws(StoreError) -> Timestamp? {
    try Users.hasAdmin(db) ? .distantFuture : APIKeys.lastAdminEnd(db)
}
