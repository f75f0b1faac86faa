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
        let find = { @Sendable (time: Timestamp, db: any SQLConnection) throws in
            try StoredResponses.Sealed.find(key, fingerprint, at: time, of: caller, db)
        }
        let opened = { (stored: StoredResponses.Sealed) throws in
            (response: try stored.opened(by: lock, masterKey, key, caller), isRepeated: true)
        }
        let time = now()
        let stored = try await store.read { db in
            _ = try caller.current(at: time, db)
            return try find(time, db)
        }
        if let stored { return try opened(stored) }
        do {
            let value = try await perform(try await verb(), by: caller) { tx in
                // The same request may have come to another server, and its change may have been made since.
                if let stored = try find(tx.time, tx.db) { throw AnsweredMeanwhile(stored: stored) }
            } _: { value, tx in
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
        } catch let answered as AnsweredMeanwhile {
            return try opened(answered.stored)
        }
    }
}

/// Ends the transaction of a request that was answered since it was begun.
private struct AnsweredMeanwhile: Error {
    let stored: StoredResponses.Sealed
}

extension StoredResponses.Sealed {
    /// What a request was answered with; nil where it is to be carried out.
    fileprivate static func find(
        _ key: IdempotencyKey,
        _ fingerprint: [UInt8],
        at time: Timestamp,
        of caller: Caller,
        _ db: any SQLConnection
    ) throws -> Self? {
        guard let stored = try StoredResponses.find(key, of: caller.organizationID, db),
            stored.createdAt.advanced(bySeconds: StoredResponse.keptSeconds) > time
        else { return nil }
        // Another caller may have another role, and must not get a secret by guessing.
        guard stored.principalID == caller.principal.id, stored.fingerprint == fingerprint else {
            throw ServiceError.requestDiffers
        }
        return stored
    }

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

/// The requests with an idempotency key that this process works on: a repetition is told at once that the
/// first one is not answered yet. Where that is at another server, it waits for its turn to write, and then finds
/// the response.
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
