package import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// - Parameter name: lists only the organization with exactly this name; nil for all.
    package func listOrganizations(
        name: String?,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<Organization> {
        try caller.require(.unrestricted(.admin))
        return try await store.read { db in try Organizations.list(name: name, page: page, db) }
    }

    /// The one that the caller sees, which it may know whatever its role.
    package func organization(of caller: Caller) async throws -> Organization {
        let organization = try await store.read { db in
            try Organizations.find(caller.organizationID, db)
        }
        guard let organization else { throw ServiceError.notFound }
        return organization
    }

    package func showOrganization(
        _ id: OrganizationID,
        by caller: Caller
    ) async throws -> Organization {
        try caller.require(.unrestricted(.admin))
        let organization = try await store.read { db in try Organizations.find(id, db) }
        guard let organization else { throw ServiceError.notFound }
        return organization
    }
}
