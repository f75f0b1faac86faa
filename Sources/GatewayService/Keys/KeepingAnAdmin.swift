import GatewayDomain
import GatewayStore

/// Makes a change to keys or organizations, and refuses it where it would leave the installation
/// without an admin's key that lasts. Called in the transaction of the change, which a refusal undoes.
func keepingAnAdmin(
    at now: Timestamp,
    _ db: any SQLConnection,
    _ change: () throws -> Void
) throws {
    let before = try APIKeys.lastAdminEnd(db)
    try change()
    let after = try APIKeys.lastAdminEnd(db)
    guard let before, before > now, before != after else { return }
    // Keys that end are no replacement for one that does not, but may replace one another.
    guard before != .distantFuture, let after, after > now else { throw ServiceError.lastAdminKey }
}
