import GatewayDomain
import GatewayStore
import Synchronization

/// The keys that were shown lately, so that most requests need not ask the store who sent them.
/// This process is the only one that changes the store, and tells of every change that matters.
final class KnownKeys: Sendable {
    /// More keys than this in use at once are read from the store now and then.
    private static let capacity = 10_000

    private struct State {
        var candidates: [[UInt8]: APIKeys.Candidate] = [:]
        /// When a key's use was last taken note of.
        var uses: [APIKeyID: Timestamp] = [:]
        /// Counts the calls of `forgetAll`.
        var generation: UInt64 = 0
    }

    private let state = Mutex(State())

    /// By its hash, of which `read` gets it where it is not known.
    func candidate(
        forHash hash: [UInt8],
        _ read: () async throws -> APIKeys.Candidate?
    ) async throws -> APIKeys.Candidate? {
        let (known, generation) = state.withLock { ($0.candidates[hash], $0.generation) }
        if let known { return known }
        guard let found = try await read() else { return nil }
        put(found, ifStill: generation)
        return found
    }

    /// Whether this use of a key is to be written down, which is so for the first in an interval. The
    /// others of the interval are told no, whether or not writing succeeds.
    func takeNote(of key: APIKey, at now: Timestamp, every seconds: Int64) -> Bool {
        state.withLock { state in
            let known = state.uses[key.id] ?? key.lastUsedAt
            if let known, known <= now, now < known.advanced(bySeconds: seconds) { return false }
            if state.uses.count >= Self.capacity { state.uses.removeAll() }
            state.uses[key.id] = now
            return true
        }
    }

    /// Called when a change is in the store that concerns keys, before anybody hears of it.
    func forgetAll() {
        state.withLock { state in
            state.candidates.removeAll()
            state.generation += 1
        }
    }

    /// What was read before a change must not be remembered behind it.
    private func put(_ candidate: APIKeys.Candidate, ifStill generation: UInt64) {
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.candidates.count >= Self.capacity { state.candidates.removeAll() }
            state.candidates[candidate.hash] = candidate
        }
    }
}
