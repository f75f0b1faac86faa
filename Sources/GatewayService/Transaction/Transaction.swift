import GatewayDomain
import GatewayStore

/// One transaction of the control plane, for as long as it runs: either all that is done through it is
/// stored, journal entries included, or nothing.
struct Transaction {
    let db: any SQLConnection
    /// Read inside the transaction, so that times agree with the order of the journal while the clock
    /// is not set.
    let time: Timestamp
    let journal: Journal
    let afterCommit = CommitActions()
    let settings: InstallationSettings
    let masterKey: MasterKey

    var limits: OrganizationLimits { settings.limits }

    /// Refuses one object more than an organization may have.
    ///
    /// - Parameter count: runs only if there is a limit.
    func checkLimit(_ limit: Int?, of objects: String, _ count: () throws -> Int) throws {
        guard let limit, try count() >= limit else { return }
        throw ServiceError.limitReached(objects: objects, limit: limit)
    }
}
