package import GatewayDomain
import GatewayStore

/// A code with its end. It is shown only once.
package struct CreatedSignInCode: Sendable {
    package let code: SignInCode
    package let expiresAt: Timestamp
}

extension Verb<CreatedSignInCode> {
    /// Makes a link's code by which a browser signs in as the caller, once.
    package static var createSignInCode: Verb {
        Verb(requiring: .role(.viewer)) { tx, caller in try tx.makeSignInCode(of: caller) }
    }
}

extension ControlPlane {
    /// A code for the operator of an installation in which no browser has ever signed in: for the admin's
    /// key of the first start. Nil where it is not wanted or there is not such a key any more.
    package func makeFirstSignInCode() async throws -> CreatedSignInCode? {
        let time = now()
        let key = try await store.read { db -> APIKey? in
            guard try !Users.haveSignedIn(db), try !Sessions.exist(db),
                let organization = try Installation.operatorOrganizationID(db),
                try Organizations.isActive(organization, db)
            else { return nil }
            return try APIKeys.madeAtStart(of: organization, db).last {
                $0.role == .admin && $0.networkIDs == nil && !$0.hasExpired(at: time)
            }
        }
        guard let key else { return nil }
        return try await perform(.createSignInCode, by: Caller(key))
    }
}
