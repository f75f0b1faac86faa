package import GatewayDomain
import GatewayStore

/// A user with the secret of the link by which it chooses a password, which is shown only once.
package struct InvitedUser: Sendable {
    package let user: User
    package let secret: LinkSecret
}

extension Verb<InvitedUser> {
    /// Makes a new link for a user, who chooses a password with it: for the first one, or for one that was
    /// forgotten. A link that the user had before is not valid any more; the password that it has is until
    /// another one is chosen.
    package static func inviteUser(_ id: UserID, _ request: NewInvitation) -> Verb {
        Verb(requiring: .unrestricted(.owner)) { tx, caller in
            guard let old = try Users.find(id, of: caller.organizationID, tx.db) else {
                throw ServiceError.notFound
            }
            // Else an owner could become an admin by the link.
            try caller.require(.role(old.role))
            var reader = FieldReader()
            let lifetime = reader.optional(request.expiresIn) ?? User.defaultInvitationSeconds
            try reader.finish()
            let invited = try tx.invite(old, for: lifetime)
            try tx.journal.updated(.user(old), to: .user(invited.user))
            return invited
        }
    }
}

extension Transaction {
    func invite(_ user: User, for seconds: Int) throws -> InvitedUser {
        var invited = user
        invited.invitationExpiresAt = time.advanced(bySeconds: Int64(seconds))
        invited.updatedAt = time
        let secret = LinkSecret.random()
        try Users.setInvitation(of: invited, hash: secret.hash, db)
        return InvitedUser(user: invited, secret: secret)
    }
}

extension ControlPlane {
    /// The user whom a link invites. Reading it changes nothing: programs that look at links before people
    /// do use none up.
    ///
    /// - Throws: `linkIsSpent` for a link that was used, has expired or never was.
    package func invitedUser(
        behind secret: LinkSecret,
        from origin: SignInOrigin
    ) async throws -> User {
        let time = now()
        if let user = try await store.read({ db in try invited(secret, at: time, db) }) {
            return user
        }
        try attempts.takeForWrongSecret(from: origin.source)
        throw ServiceError.linkIsSpent
    }

    /// Gives the user of an invitation its password, ends the sessions that it has and begins one. The link
    /// is used up.
    ///
    /// - Throws: `linkIsSpent`, `tooManySignIns`, or `invalid` for a password that cannot be chosen, which uses nothing up.
    package func acceptInvitation(
        behind secret: LinkSecret,
        password: Password,
        from origin: SignInOrigin
    ) async throws -> NewSession {
        try await counting(.invitation) {
            let user = try await invitedUser(behind: secret, from: origin)
            if let reason = password.fault(for: user) {
                throw ServiceError.invalid([FieldProblem("/new_password", reason)])
            }
            let hash = try await passwords.hash(password, from: origin.source) {
                try attempts.take(
                    for: User.lookupName(user.name),
                    from: origin.source,
                    isFamiliar: true
                )
            }
            return try await begin(.user(user.id), of: user.organizationID, from: origin) { tx in
                guard let old = try invited(secret, at: tx.time, tx.db), old.id == user.id else {
                    throw ServiceError.linkIsSpent
                }
                try tx.setPassword(of: old, hash: hash)
            }
        }
    }

    private func invited(
        _ secret: LinkSecret,
        at time: Timestamp,
        _ db: any SQLConnection
    ) throws -> User? {
        let hash = secret.hash
        let found = try Users.candidates(forInvitationHash: hash, db)
            .first { KeyHash.isEqual($0.hash, hash) }
        guard let user = found?.user, let end = user.invitationExpiresAt, time < end else {
            return nil
        }
        return user
    }
}
