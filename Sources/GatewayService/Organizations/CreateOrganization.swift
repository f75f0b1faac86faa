package import GatewayDomain
import GatewayStore

/// Makes an organization without keys: an admin that acts for it makes the first.
package struct CreateOrganization: Sendable {
    let store: Store
    let now: WallClock

    package func callAsFunction(
        _ request: NewOrganization,
        by caller: Caller,
        settling settle: Settlement<Organization> = .none
    ) async throws -> Organization {
        try caller.requireUnrestricted(.admin)
        var reader = FieldReader()
        let name = reader.name(reader.required(request.name, "/name"))
        guard let name else { throw ServiceError.invalid(reader.problems) }
        return try await store.write { db in
            let time = now()
            let organization = Organization(
                id: .random(),
                name: name,
                createdAt: time,
                updatedAt: time
            )
            try namingDuplicateNames { try Organizations.insert(organization, db) }
            try Journal(by: caller, at: time).created(organization, in: nil, db)
            try settle(organization, db)
            return organization
        }
    }
}

/// Gives the schema's refusal of a second organization with the same name what callers know.
func namingDuplicateNames(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch StoreError.violated(.organizationName) {
        throw ServiceError.duplicateName
    }
}
