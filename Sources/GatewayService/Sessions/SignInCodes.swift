import GatewayDomain
import Synchronization

/// The secret of a link that signs in once: 256 random bits.
package struct SignInCode: Sendable {
    package let text: String

    static func random() -> SignInCode { SignInCode(SecretText.random(bytes: 32)) }

    /// From any text: a wrong one opens nothing.
    package init(_ text: String) {
        self.text = text
    }
}

/// The codes that have not been used yet. They live for minutes and only in memory: no backup has one, and a
/// server that starts again knows none.
package final class SignInCodes: Sendable {
    private struct UnusedCode {
        let maker: Caller
        let expiresAt: Timestamp
    }

    /// One more forgets the one that would end first.
    private static let most = 1_000

    /// By the hash of the code.
    private let codes = Mutex<[[UInt8]: UnusedCode]>([:])

    init() {}

    func add(
        _ code: SignInCode,
        of maker: Caller,
        until end: Timestamp,
        at now: Timestamp
    ) {
        codes.withLock { codes in
            codes = codes.filter { $0.value.expiresAt > now }
            if codes.count >= Self.most,
                let first = codes.min(by: { $0.value.expiresAt < $1.value.expiresAt })
            {
                codes[first.key] = nil
            }
            codes[KeyHash.of(code.text)] = UnusedCode(
                maker: maker,
                expiresAt: end
            )
        }
    }

    /// Who has made the code. It is used up, also if the sign-in then fails.
    func use(_ code: SignInCode, at now: Timestamp) -> Caller? {
        let hash = KeyHash.of(code.text)
        guard let unused = codes.withLock({ $0.removeValue(forKey: hash) }),
            unused.expiresAt > now
        else { return nil }
        return unused.maker
    }

    func forgetCodes(of principal: Principal) {
        codes.withLock { codes in
            codes = codes.filter { $0.value.maker.principal != principal }
        }
    }

    /// Called after each commit: a user with another password or role has to sign in with that.
    func forgetCodes(changedBy events: [CommittedEvent]) {
        let gone = events.compactMap { event -> Principal? in
            switch (event.change.operation, event.change.object) {
            case (.updated, .user(let user)), (.deleted, .user(let user)): .user(user.id)
            case (.deleted, .apiKey(let key)): .apiKey(key.id)
            default: nil
            }
        }
        guard !gone.isEmpty else { return }
        codes.withLock { codes in
            codes = codes.filter { !gone.contains($0.value.maker.principal) }
        }
    }
}
