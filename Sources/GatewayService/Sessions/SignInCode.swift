import GatewayDomain
import GatewayStore

/// The secret of a link that signs in once: 256 random bits.
package struct SignInCode: Sendable {
    package let text: String

    static func random() -> SignInCode { SignInCode(SecretText.random(bytes: 32)) }

    /// From any text: a wrong one opens nothing.
    package init(_ text: String) {
        self.text = text
    }

    var hash: [UInt8] { KeyHash.of(text) }

    /// Of one principal: one more forgets its oldest. None takes the place of another principal's.
    static let most = 20
}

extension Transaction {
    /// Makes a code that is worth what its maker has shown: it ends with that session or key.
    func makeSignInCode(of maker: Caller) throws -> CreatedSignInCode {
        let code = SignInCode.random()
        let end = time.advanced(bySeconds: SignInLink.lifetimeSeconds)
        try SignInCodes.deleteAll(of: maker.principal, but: SignInCode.most - 1, db)
        try SignInCodes.insert(
            SignInCodes.StoredCode(
                hash: code.hash,
                organizationID: maker.ownOrganizationID,
                principal: maker.principal,
                sessionID: maker.sessionID,
                expiresAt: end
            ),
            db
        )
        journal.passOver()
        return CreatedSignInCode(code: code, expiresAt: end)
    }

    /// A user with another password or role has to sign in with that.
    func forgetSignInCodes() throws {
        for case .updated(from: .user(let user), to: _) in journal.events.map(\.change) {
            try SignInCodes.deleteAll(of: .user(user.id), db)
        }
    }
}

extension SignInCode {
    /// Nil for a code that was used, has ended or never was.
    func stored(at time: Timestamp, _ db: any SQLConnection) throws -> SignInCodes.StoredCode? {
        let hash = hash
        return try SignInCodes.candidates(forHash: hash, db)
            .first { KeyHash.isEqual($0.hash, hash) && time < $0.expiresAt }
    }
}
