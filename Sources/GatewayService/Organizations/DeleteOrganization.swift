package import GatewayDomain
import GatewayStore

/// Deletes an organization that has no networks; its keys go with it. The operator's own stays.
package struct DeleteOrganization: Sendable {
    let store: Store
    let knownKeys: KnownKeys
    let now: WallClock

    package func callAsFunction(
        _ id: OrganizationID,
        by caller: Caller,
        if precondition: Precondition = .none
    ) async throws -> Organization {
        try caller.requireUnrestricted(.admin)
        defer { knownKeys.forgetAll() }
        return try await store.write { db in
            let journal = Journal(by: caller, at: now())
            guard let organization = try Organizations.find(id, reading: .forDeletion, db) else {
                throw ServiceError.notFound
            }
            try precondition.check(organization.updatedAt)
            guard try Installation.operatorOrganizationID(db) != id else {
                throw ServiceError.operatorOrganization
            }
            guard try Networks.count(of: id, db) == 0,
                try APIKeys.find(caller.keyID, of: id, reading: .forDeletion, db) == nil
            else { throw ServiceError.organizationInUse }
            try keepingAnAdmin(at: journal.time, db) {
                for key in try APIKeys.all(of: id, db) where key.id != .substitute {
                    try APIKeys.delete(key, at: journal.time, db)
                    try journal.deleted(key, in: nil, db)
                }
            }
            try Organizations.delete(organization, db)
            try journal.deleted(organization, in: nil, db)
            return organization
        }
    }
}
