package import GatewayDomain
import GatewayStore

/// Renames an organization, suspends it, or lets it go on.
package struct UpdateOrganization: Sendable {
    let store: Store
    let knownKeys: KnownKeys
    let now: WallClock

    package func callAsFunction(
        _ id: OrganizationID,
        _ change: OrganizationChange,
        by caller: Caller,
        if precondition: Precondition = .none
    ) async throws -> Organization {
        try caller.requireUnrestricted(.admin)
        var reader = FieldReader()
        let name = reader.name(reader.optional(change.name, "/name"))
        let isSuspended = reader.optional(change.isSuspended, "/suspended")
        let checked = reader
        defer { knownKeys.forgetAll() }
        return try await store.write { db in
            let time = now()
            guard let old = try Organizations.find(id, db) else {
                throw ServiceError.notFound
            }
            try precondition.check(old.updatedAt)
            var reader = checked
            if isSuspended == true, try APIKeys.find(caller.keyID, of: id, db) != nil {
                reader.report("/suspended", .invalid("would shut out the key that asks for it"))
            } else if isSuspended == true, try Installation.operatorOrganizationID(db) == id {
                reader.report(
                    "/suspended",
                    .invalid("must not be true for the organization of the server's operator")
                )
            }
            try reader.finish()
            var organization = old
            organization.name = name ?? organization.name
            if let isSuspended {
                organization.suspendedAt = isSuspended ? organization.suspendedAt ?? time : nil
            }
            organization.updatedAt = time
            let changed = organization
            try keepingAnAdmin(at: time, db) {
                try namingDuplicateNames { try Organizations.update(changed, db) }
            }
            try Journal(by: caller, at: time).updated(old, changed, in: nil, db)
            return changed
        }
    }
}
