package import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// - Parameter user: whose sessions an owner asks for; nil for the caller's own.
    package func listSessions(
        of user: UserID?,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<Session> {
        guard let user, .user(user) != caller.principal else {
            return try await store.read { db in
                try Sessions.list(
                    of: caller.principal,
                    in: caller.ownOrganizationID,
                    page: page,
                    db
                )
            }
        }
        try caller.require(.unrestricted(.owner))
        return try await store.read { db in
            try Sessions.list(of: .user(user), in: caller.organizationID, page: page, db)
        }
    }
}
