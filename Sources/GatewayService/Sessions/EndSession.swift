package import GatewayDomain
import GatewayStore

extension Verb<Session> {
    /// Ends one session: the next request with its cookie is refused. A caller ends its own, and an owner
    /// those of all principals that may not do more.
    package static func endSession(_ id: SessionID) -> Verb {
        Verb(requiring: .role(.viewer)) { tx, caller in
            guard let session = try tx.session(id, endedBy: caller) else {
                throw ServiceError.notFound
            }
            try tx.end(session)
            return session
        }
    }
}

extension Verb<[Session]> {
    /// Ends all sessions of the caller but the one that asks, and the links that would begin another one.
    package static var endOtherSessions: Verb {
        Verb(requiring: .role(.viewer)) { tx, caller in
            try SignInCodes.deleteAll(of: caller.principal, tx.db)
            tx.journal.passOver()
            return try tx.endSessions(
                of: caller.principal,
                in: caller.ownOrganizationID,
                but: caller.sessionID
            )
        }
    }
}

extension Transaction {
    fileprivate func session(_ id: SessionID, endedBy caller: Caller) throws -> Session? {
        let own = try Sessions.find(
            id,
            of: caller.ownOrganizationID,
            reading: .forDeletion,
            db
        )
        if let own, own.principal == caller.principal { return own }
        guard (try? caller.require(.unrestricted(.owner))) != nil,
            let found = try Sessions.find(
                id,
                of: caller.organizationID,
                reading: .forDeletion,
                db
            )
        else { return nil }
        // Else an owner could sign an admin out.
        if let role = try role(of: found.principal, in: caller.organizationID) {
            try caller.require(.role(role))
        }
        return found
    }

    private func role(of principal: Principal, in organization: OrganizationID) throws -> Role? {
        switch principal {
        case .user(let id):
            try Users.find(id, of: organization, reading: .forDeletion, db)?.role
        case .apiKey(let id):
            try APIKeys.find(id, of: organization, reading: .forDeletion, db)?.role
        }
    }
}
