import Crypto
package import GatewayDomain
import GatewayStore
import Synchronization

/// What was answered to a request.
package struct GivenAnswer: Equatable, Sendable {
    package let status: Int
    package let text: String

    package init(status: Int, text: String) {
        self.status = status
        self.text = text
    }
}

/// Sees to it that a request with an `Idempotency-Key` is done once, and that its repetitions get the
/// same answer. Only successes are kept: what was refused has changed nothing and may be tried again.
package final class AnswerOnce: Sendable {
    package static let keptSeconds: Int64 = 24 * 60 * 60

    private struct Work: Hashable {
        let organizationID: OrganizationID
        let request: RepeatableRequest
    }

    private let store: Store
    private let masterKey: MasterKey
    private let now: WallClock
    /// This process is the only one that works on the store.
    private let running = Mutex<Set<Work>>([])

    init(store: Store, masterKey: MasterKey, now: @escaping WallClock) {
        self.store = store
        self.masterKey = masterKey
        self.now = now
    }

    /// - Parameters:
    ///   - content: the bytes that have to be the same when the request is repeated.
    ///   - answer: what the result of `work` is answered with.
    /// - Throws: `requestDiffers` or `requestIsRunning`, or what `work` throws.
    package func callAsFunction<Value: Sendable>(
        _ request: RepeatableRequest,
        content: [UInt8],
        by caller: Caller,
        answer: @escaping @Sendable (Value) -> GivenAnswer,
        _ work: (Settlement<Value>) async throws -> Value
    ) async throws -> (answer: GivenAnswer, isRepeated: Bool) {
        let entry = Work(organizationID: caller.organizationID, request: request)
        guard running.withLock({ $0.insert(entry).inserted }) else {
            throw ServiceError.requestIsRunning
        }
        defer { running.withLock { _ = $0.remove(entry) } }
        let fingerprint = Array(SHA256.hash(data: content))
        if let given = try await given(request, fingerprint, to: caller) { return (given, true) }
        let settlement = Settlement<Value> { [self] value, db in
            try keep(answer(value), to: request, fingerprint, of: caller, db)
        }
        return (answer(try await work(settlement)), false)
    }

    private func given(
        _ request: RepeatableRequest,
        _ fingerprint: [UInt8],
        to caller: Caller
    ) async throws -> GivenAnswer? {
        let kept = try await store.read { db in
            try KeptAnswers.find(request, of: caller.organizationID, db)
        }
        guard let kept, kept.createdAt.advanced(bySeconds: Self.keptSeconds) > now() else {
            return nil
        }
        // Another key may have another role, and must not get a secret by guessing.
        guard kept.apiKeyID == caller.keyID, kept.fingerprint == fingerprint else {
            throw ServiceError.requestDiffers
        }
        let bytes = try masterKey.openBytes(
            kept.sealedAnswer,
            for: .keptAnswer,
            of: context(request, caller)
        )
        let text = String(decoding: bytes, as: UTF8.self)
        guard let status = Int(text.prefix(3)) else { throw MasterKeyError.doesNotFit }
        return GivenAnswer(status: status, text: String(text.dropFirst(3)))
    }

    private func keep(
        _ answer: GivenAnswer,
        to request: RepeatableRequest,
        _ fingerprint: [UInt8],
        of caller: Caller,
        _ db: any SQLConnection
    ) throws {
        let sealed = try masterKey.seal(
            Array("\(answer.status)\(answer.text)".utf8),
            for: .keptAnswer,
            of: context(request, caller)
        )
        try KeptAnswers.put(
            KeptAnswers.KeptAnswer(
                apiKeyID: caller.keyID,
                fingerprint: fingerprint,
                sealedAnswer: sealed,
                createdAt: now()
            ),
            to: request,
            of: caller.organizationID,
            db
        )
    }

    private func context(_ request: RepeatableRequest, _ caller: Caller) -> String {
        "\(caller.organizationID) \(request.path) \(request.key)"
    }
}
