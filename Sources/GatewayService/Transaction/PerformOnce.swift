import Crypto
package import GatewayDomain
import GatewayStore
import Synchronization

extension ControlPlane {
    /// Carries out the verb of a request with an idempotency key once; its repetitions get the stored
    /// response. Only successes are stored: a refused request has changed nothing and may be tried
    /// again.
    ///
    /// - Parameters:
    ///   - lock: what the stored response needs to be opened, beside the master key; nil for nothing.
    ///   - content: the bytes that have to be the same when the request is repeated.
    ///   - response: what the verb's result is answered with.
    ///   - verb: makes the verb; not called where a stored response answers the request.
    /// - Throws: `requestDiffers` or `requestIsRunning`, or what `verb` throws or refuses with.
    package func perform<Value: Sendable>(
        once key: IdempotencyKey,
        lock: LinkSecret? = nil,
        content: [UInt8],
        by caller: Caller,
        response: @escaping @Sendable (Value) -> StoredResponse,
        _ verb: () async throws -> Verb<Value>
    ) async throws -> (response: StoredResponse, isRepeated: Bool) {
        let entry = RequestsUnderWay.Entry(organizationID: caller.organizationID, key: key)
        guard requestsUnderWay.insert(entry) else { throw ServiceError.requestIsRunning }
        defer { requestsUnderWay.remove(entry) }
        let fingerprint = Array(SHA256.hash(data: content))
        if let stored = try await storedResponse(for: key, lock, fingerprint, to: caller) {
            return (stored, true)
        }
        let value = try await perform(try await verb(), by: caller) { value, tx in
            let sealed = try response(value).sealed(
                with: masterKey,
                lock: lock,
                for: key,
                of: caller.organizationID
            )
            try StoredResponses.put(
                StoredResponses.Sealed(
                    principalID: caller.principal.id,
                    fingerprint: fingerprint,
                    sealedResponse: sealed,
                    createdAt: tx.time
                ),
                for: key,
                of: caller.organizationID,
                tx.db
            )
        }
        return (response(value), false)
    }

    private func storedResponse(
        for key: IdempotencyKey,
        _ lock: LinkSecret?,
        _ fingerprint: [UInt8],
        to caller: Caller
    ) async throws -> StoredResponse? {
        let time = now()
        let stored = try await store.read { db in
            _ = try caller.current(at: time, db)
            return try StoredResponses.find(key, of: caller.organizationID, db)
        }
        guard let stored,
            stored.createdAt.advanced(bySeconds: StoredResponse.keptSeconds) > time
        else { return nil }
        // Another caller may have another role, and must not get a secret by guessing.
        guard stored.principalID == caller.principal.id, stored.fingerprint == fingerprint else {
            throw ServiceError.requestDiffers
        }
        return try stored.opened(by: lock, masterKey, key, caller)
    }
}

extension StoredResponses.Sealed {
    fileprivate func opened(
        by lock: LinkSecret?,
        _ masterKey: MasterKey,
        _ key: IdempotencyKey,
        _ caller: Caller
    ) throws -> StoredResponse {
        do throws(MasterKeyError) {
            return try StoredResponse(
                sealed: sealedResponse,
                with: masterKey,
                lock: lock,
                for: key,
                of: caller.organizationID
            )
        } catch {
            // Another session of the same principal may have locked it.
            if lock != nil, case .doesNotFit = error { throw ServiceError.requestDiffers }
            throw error
        }
    }
}

/// The requests with an idempotency key that this process works on. A second process would not see
/// them.
final class RequestsUnderWay: Sendable {
    struct Entry: Hashable {
        let organizationID: OrganizationID
        let key: IdempotencyKey
    }

    private let entries = Mutex<Set<Entry>>([])

    /// False for a request that is under way already.
    func insert(_ entry: Entry) -> Bool { entries.withLock { $0.insert(entry).inserted } }

    func remove(_ entry: Entry) { entries.withLock { _ = $0.remove(entry) } }
}
