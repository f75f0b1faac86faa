import GatewayDomain
import GatewayStore

/// Makes a change to keys or organizations, and refuses it where it would leave the installation
/// without an admin's key that lasts. The refusal undoes the transaction.
func keepingAnAdmin(_ tx: Transaction, _ change: () throws -> Void) throws {
    let before = try APIKeys.lastAdminEnd(tx.db)
    try change()
    let after = try APIKeys.lastAdminEnd(tx.db)
    guard let before, before > tx.time, before != after else { return }
    // Keys that end do not replace one that does not end, but may replace one another.
    guard before != .distantFuture, let after, after > tx.time else {
        throw ServiceError.lastAdminKey
    }
}
