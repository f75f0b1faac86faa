package import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// - Parameter name: lists only the user with this name; nil for all.
    package func listUsers(
        name: String?,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<User> {
        try caller.require(.unrestricted(.owner))
        return try await store.read { db in
            try Users.list(of: caller.organizationID, name: name, page: page, db)
        }
    }

    package func showUser(_ id: UserID, by caller: Caller) async throws -> User {
        try caller.require(.unrestricted(.owner))
        let user = try await store.read { db in
            try Users.find(id, of: caller.organizationID, db)
        }
        guard let user else { throw ServiceError.notFound }
        return user
    }
}
