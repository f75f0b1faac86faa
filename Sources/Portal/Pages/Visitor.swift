import GatewayDomain
import GatewayService

/// Who looks at a page, as the page names them. What they may do, the API decides.
struct Visitor: Sendable {
    let name: String
    let role: Role
    /// To single networks.
    let isRestricted: Bool
    /// The name of theirs.
    let organization: String
}

extension ControlPlane {
    /// Nil for a session that has ended.
    func visitor(behind session: SessionSecret, from source: String) async throws -> Visitor? {
        guard let caller = try await authenticate(session: session, from: source) else {
            return nil
        }
        return Visitor(
            name: caller.name,
            role: caller.role,
            isRestricted: caller.scope.networkIDs != nil,
            organization: try await organization(of: caller).name
        )
    }
}
