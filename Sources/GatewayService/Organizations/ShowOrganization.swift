package import GatewayDomain
import GatewayStore

package struct ShowOrganization: Sendable {
    let store: Store

    package func callAsFunction(
        _ id: OrganizationID,
        by caller: Caller
    ) async throws -> Organization {
        try caller.requireUnrestricted(.admin)
        let organization = try await store.read { db in try Organizations.find(id, db) }
        guard let organization else { throw ServiceError.notFound }
        return organization
    }
}
