package import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// Gives the user who asks another password. Its other sessions end, and an invitation is void; the session that
    /// asks goes on with another secret, as others may know the old one.
    ///
    /// - Throws: `notAUser` for an API key, `invalid` for a password that is wrong or cannot be chosen, and
    ///   `tooManySignIns`: a stolen session does not help to guess the password.
    package func changePassword(
        _ request: PasswordChange,
        from source: String,
        by caller: Caller
    ) async throws -> ChangedPassword {
        guard case .user(let id) = caller.principal else { throw ServiceError.notAUser }
        let organization = caller.ownOrganizationID
        let found = try await store.read { db in
            try Users.findStored(id, of: organization, db)
        }
        guard let found else { throw ServiceError.notFound }
        var reader = FieldReader()
        let old = reader.required(request.old)
        let new = reader.required(request.new)
        if let new = new.known, let reason = new.fault(for: found.user) {
            reader.report(request.new, reason)
        }
        let passwords = try reader.finish { fields in
            (old: try fields.value(old), new: try fields.value(new))
        }
        let isRight = try await self.passwords.isRight(
            passwords.old,
            comparedWith: found.passwordHash,
            from: source,
            isFamiliar: true
        ) {
            try attempts.take(
                for: User.lookupName(found.user.name),
                from: source,
                isFamiliar: true
            )
        }
        guard isRight else {
            throw ServiceError.invalid([
                FieldProblem(request.old.pointer, .invalid("is not the password that you have"))
            ])
        }
        let hash = try await self.passwords.hash(passwords.new, from: source) {}
        return try await perform(
            .setPassword(of: id, from: found.passwordHash, to: hash),
            by: caller
        )
    }
}

/// A user with another password.
package struct ChangedPassword: Sendable {
    package let user: User
    /// What the session that asked is shown by from now on.
    package let secret: SessionSecret?
}

extension Verb<ChangedPassword> {
    /// - Parameter old: what was compared. It may have changed meanwhile.
    fileprivate static func setPassword(of id: UserID, from old: String?, to new: String) -> Verb {
        Verb(requiring: .role(.viewer)) { tx, caller in
            let found = try Users.findStored(id, of: caller.ownOrganizationID, tx.db)
            guard let found, found.passwordHash == old else {
                throw ServiceError.changedMeanwhile
            }
            let user = try tx.setPassword(of: found.user, hash: new, keeping: caller.sessionID)
            guard let session = caller.sessionID else {
                return ChangedPassword(user: user, secret: nil)
            }
            let secret = SessionSecret.random()
            try Sessions.renew(session, of: user.organizationID, hash: secret.hash, tx.db)
            return ChangedPassword(user: user, secret: secret)
        }
    }
}

extension Transaction {
    /// - Parameter kept: the session that goes on.
    @discardableResult
    func setPassword(
        of old: User,
        hash: String,
        keeping kept: SessionID? = nil
    ) throws -> User {
        var user = old
        user.hasPassword = true
        user.invitationExpiresAt = nil
        user.updatedAt = time
        try Users.setPassword(of: user, hash: hash, db)
        try Users.setInvitation(of: user, hash: nil, db)
        _ = try endSessions(of: .user(user.id), in: user.organizationID, but: kept)
        try journal.updated(.user(old), to: .user(user))
        return user
    }
}

extension Password {
    /// Why the user cannot choose it; nil for a password that can be chosen.
    func fault(for user: User) -> FieldProblem.Reason? {
        // Scalars, because one "character" may hide a megabyte of combining marks.
        let length = text.unicodeScalars.count
        if length < Self.minimumLength { return .tooShort(minimum: Self.minimumLength) }
        if length > Self.maximumLength { return .tooLong(maximum: Self.maximumLength) }
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            return .invalid("must have no control characters")
        }
        if text.allSatisfy({ $0 == " " }) { return .invalid("must not be of blanks alone") }
        if User.lookupName(text) == User.lookupName(user.name) {
            return .invalid("must not be the name of the user")
        }
        return nil
    }
}
