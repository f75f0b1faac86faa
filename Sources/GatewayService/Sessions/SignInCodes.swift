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

    private struct Table {
        /// By the hash of the code.
        var codes: [[UInt8]: UnusedCode] = [:]
        /// The hashes of each principal's codes, the oldest first. Some may be used.
        var hashes: [Principal: [[UInt8]]] = [:]
        /// When there are more codes than this, those that have ended are looked for.
        var sweepSize = SignInCodes.leastSweepSize
    }

    /// Of one principal: one more forgets its oldest. None takes the place of another principal's.
    static let most = 20
    private static let leastSweepSize = 1_000

    private let table = Mutex(Table())

    init() {}

    /// Called after the commit of what makes the code.
    func add(
        _ code: SignInCode,
        of maker: Caller,
        until end: Timestamp,
        at now: Timestamp
    ) {
        let hash = KeyHash.of(code.text)
        table.withLock { table in
            if table.codes.count >= table.sweepSize {
                Self.keep(&table) { $0.expiresAt > now }
                table.sweepSize = max(2 * table.codes.count, Self.leastSweepSize)
            }
            var hashes = table.hashes.removeValue(forKey: maker.principal) ?? []
            while hashes.count >= Self.most { table.codes[hashes.removeFirst()] = nil }
            hashes.append(hash)
            table.hashes[maker.principal] = hashes
            table.codes[hash] = UnusedCode(maker: maker, expiresAt: end)
        }
    }

    /// Who has made the code. It is used up, also if the sign-in then fails.
    func use(_ code: SignInCode, at now: Timestamp) -> Caller? {
        let hash = KeyHash.of(code.text)
        guard let unused = table.withLock({ $0.codes.removeValue(forKey: hash) }),
            unused.expiresAt > now
        else { return nil }
        return unused.maker
    }

    func forgetCodes(of principal: Principal) {
        table.withLock { Self.forget(&$0, principal) }
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
        table.withLock { table in
            for principal in gone { Self.forget(&table, principal) }
        }
    }

    private static func forget(_ table: inout Table, _ principal: Principal) {
        for hash in table.hashes.removeValue(forKey: principal) ?? [] { table.codes[hash] = nil }
    }

    private static func keep(_ table: inout Table, _ isKept: (UnusedCode) -> Bool) {
        table.codes = table.codes.filter { isKept($0.value) }
        table.hashes = table.hashes.compactMapValues { hashes in
            let kept = hashes.filter { table.codes[$0] != nil }
            return kept.isEmpty ? nil : kept
        }
    }
}
