import GatewayDomain
import GatewayStore
import Synchronization

/// The API keys that were shown lately, so that most requests need not ask the store who sent them.
/// `CommitSignal` tells it of every change. Of one that another server makes, it hears up to a second later, and it is not
/// asked while nothing is heard of others (`ControlPlane.isUpToDate`).
final class APIKeyCache: Sendable {
    /// More keys than this in use at once are read from the store now and then.
    private static let capacity = 10_000

    private struct Entries {
        var candidates: [[UInt8]: APIKeys.Candidate] = [:]
        /// Counts how often the candidates were forgotten.
        var generation: UInt64 = 0
    }

    private let state = Mutex(Entries())

    /// The key with this hash; `read` gets it from the store where it is not remembered.
    ///
    /// - Parameter isTrusted: whether what is remembered is as good as what is stored.
    func candidate(
        forHash hash: [UInt8],
        isTrusted: Bool,
        _ read: () async throws -> APIKeys.Candidate?
    ) async throws -> APIKeys.Candidate? {
        let (known, generation) = remembered(hash)
        if let known, isTrusted { return known }
        guard let found = try await read() else { return nil }
        if isTrusted { put(found, ifStill: generation) }
        return found
    }

    func remembered(_ hash: [UInt8]) -> (key: APIKeys.Candidate?, generation: UInt64) {
        state.withLock { ($0.candidates[hash], $0.generation) }
    }

    /// Called after a commit and before the caller has its answer, so that the next request sees the
    /// change. A created key was never remembered: what the store does not have is asked for again.
    func forgetKeys(after news: CommitNews) {
        guard news == .anything || news.notices.contains(where: Self.changesKeys) else { return }
        state.withLock { state in
            state.candidates.removeAll()
            state.generation += 1
        }
    }

    private static func changesKeys(_ notice: CommitNotice) -> Bool {
        guard notice.operation != .created else { return false }
        return switch notice.objectType {
        case .apiKey, .organization: true
        case .user, .session, .network, .gateway, .peer, .peerShare, .peerConfigURL,
            .defaultGateway, .internetGateway, .backboneLink, .limits, .privateService, .node,
            .region,
            .webhook:
            false
        }
    }

    /// A key that was read before a change must not be remembered after it.
    private func put(_ candidate: APIKeys.Candidate, ifStill generation: UInt64) {
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.candidates.count >= Self.capacity { state.candidates.removeAll() }
            state.candidates[candidate.hash] = candidate
        }
    }
}
