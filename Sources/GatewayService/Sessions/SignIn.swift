package import GatewayDomain
import GatewayStore
import RateLimiting

/// Where a request to sign in comes from.
package struct SignInOrigin: Sendable {
    /// The address of the other end: a client's, or a proxy's.
    package let source: String
    let userAgent: String?
    let requestID: String
    /// The session that the browser has, which ends as the new one begins: a session never goes from one
    /// principal to another.
    let replaced: SessionSecret?

    package init(
        source: String,
        userAgent: String?,
        requestID: String,
        replacing replaced: SessionSecret? = nil
    ) {
        self.source = source
        self.userAgent = userAgent
        self.requestID = requestID
        self.replaced = replaced
    }
}

/// A session that has just begun, with the secret for its cookie.
package struct NewSession: Sendable {
    package let session: Session
    package let secret: SessionSecret
    package let caller: Caller
}

extension ControlPlane {
    /// Signs a user in by name and password. A user that does not exist, has no password yet or has another
    /// one is refused in the same words, after the same work.
    ///
    /// - Throws: `signInRefused`, `tooManySignIns` or `organizationSuspended`.
    package func signIn(
        name: String,
        password: Password,
        from origin: SignInOrigin
    ) async throws -> NewSession {
        try await counting(.password) {
            // No user has it, and what is remembered of attempts is kept by name.
            guard name.unicodeScalars.count <= ObjectName.maximumLength else {
                try attempts.takeForWrongSecret(from: origin.source)
                throw ServiceError.signInRefused
            }
            let time = now()
            let found = try await store.read { db in
                (
                    stored: try Users.find(named: name, db),
                    isFamiliar: try Sessions.sources(ofUserNamed: name, at: time, db)
                        .contains { SourceNetwork(of: $0) == SourceNetwork(of: origin.source) }
                )
            }
            let isRight = try await passwords.isRight(
                password,
                comparedWith: found.stored?.passwordHash,
                from: origin.source,
                isFamiliar: found.isFamiliar
            ) {
                try attempts.take(
                    for: User.lookupName(name),
                    from: origin.source,
                    isFamiliar: found.isFamiliar
                )
            }
            guard isRight, let stored = found.stored else { throw ServiceError.signInRefused }
            let user = stored.user
            return try await begin(.user(user.id), of: user.organizationID, from: origin) { tx in
                // It may have changed while the password was compared.
                let now = try Users.findStored(user.id, of: user.organizationID, tx.db)
                guard now?.passwordHash == stored.passwordHash else {
                    throw ServiceError.signInRefused
                }
            }
        }
    }

    /// Signs in with an API key, for what that may do.
    ///
    /// - Throws: as the sign-in of a user does.
    package func signIn(apiKey text: String, from origin: SignInOrigin) async throws -> NewSession {
        try await counting(.apiKey) {
            guard let found = try await key(behind: text) else {
                try attempts.takeForWrongSecret(from: origin.source)
                throw ServiceError.signInRefused
            }
            let key = found.key
            return try await begin(.apiKey(key.id), of: key.organizationID, from: origin)
        }
    }

    /// Signs in with the code of a link, which is used up. It is worth what its maker had shown for it: it
    /// ends with that session or key.
    ///
    /// - Throws: `linkIsSpent` for a code that was used, has ended or never was; else as the sign-in of a
    ///   user does.
    package func signIn(code: SignInCode, from origin: SignInOrigin) async throws -> NewSession {
        try await counting(.code) {
            guard let used = try await use(code) else {
                try attempts.takeForWrongSecret(from: origin.source)
                throw ServiceError.linkIsSpent
            }
            return try await begin(
                used.principal,
                of: used.organizationID,
                from: origin
            ) { tx in
                guard try used.makerIsThere(at: tx.time, tx.db) else {
                    throw ServiceError.linkIsSpent
                }
            }
        }
    }

    /// What is stored of a code. It is used up, also if the sign-in then fails.
    private func use(_ code: SignInCode) async throws -> SignInCodes.StoredCode? {
        let time = now()
        // Wrong codes do not take the writer, for which all changes wait.
        guard try await store.read({ try code.stored(at: time, $0) }) != nil else { return nil }
        return try await change { tx in
            guard let stored = try code.stored(at: tx.time, tx.db),
                try SignInCodes.delete(stored, tx.db)
            else { return nil }
            return stored
        }
    }

    /// Ends the session of a cookie. One that has ended is not an error.
    package func signOut(_ secret: SessionSecret, requestID: String) async throws {
        guard let found = try await find(secret, at: now()) else { return }
        try await change(by: found.caller.actor, requestID: requestID) { tx in
            try tx.end(found.session)
        }
    }

    /// Counts how a sign-in ended, for the metrics.
    func counting(
        _ method: SignInCounts.Method,
        _ signIn: () async throws -> NewSession
    ) async throws -> NewSession {
        do {
            let session = try await signIn()
            signInCounts.count(method, .done)
            return session
        } catch {
            signInCounts.count(method, SignInCounts.Outcome(error))
            throw error
        }
    }
}

extension SignInCodes.StoredCode {
    /// Whether what its maker had shown still opens what it did.
    fileprivate func makerIsThere(at time: Timestamp, _ db: any SQLConnection) throws -> Bool {
        if let sessionID {
            guard let session = try Sessions.find(sessionID, of: organizationID, db),
                !session.hasExpired(at: time)
            else { return false }
            return try session.caller(at: time, db) != nil
        }
        guard case .apiKey(let id) = principal,
            let key = try APIKeys.find(id, of: organizationID, db)
        else { return false }
        return !key.hasExpired(at: time)
    }
}
