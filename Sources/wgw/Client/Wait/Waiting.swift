import APIContract
import CommandLineProgram
import GatewayClient
import GatewayDomain
import Synchronization

/// Waits for something to become true of one object.
struct Waiting<N: NamedNoun>: Sendable {
    /// What is waited for, and how far the object is from it.
    enum Look: Sendable {
        case reached
        /// Why not yet, where that is known, for the sentence that tells of the timeout.
        case missing(String?)
    }

    let client: GatewayClient
    let name: String
    let limit: TimeSpan

    /// For what the journal tells: looks at the object after each of its changes.
    func untilChanged(
        to state: String,
        _ look: @escaping @Sendable (N.Answer) -> Look
    ) async throws -> N.Answer {
        try await until(state, look) { id, check in
            try await client.follow { change in
                // The first line is a heartbeat: what happened before the stream began is seen then.
                if case .event(let event) = change, event.objectID != id { return true }
                return try await !check()
            }
        }
    }

    /// For what the journal does not tell: looks at the object twice a second.
    func untilSeen(
        to state: String,
        _ look: @escaping @Sendable (N.Answer) -> Look
    ) async throws -> N.Answer {
        try await until(state, look) { _, check in
            while true {
                do {
                    if try await check() { return }
                } catch let error as ClientError where error.mayPass {
                    // A server that is restarted: the limit is that of the waiting.
                }
                try await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    /// Returns the object as it was, and nil at once where there is none.
    func untilDeleted() async throws -> N.Answer? {
        let first: N.Answer
        do {
            first = try await N.find(name, client)
        } catch let failure as CommandFailure where failure.status == .notFound {
            return nil
        }
        let (id, title) = (N.id(of: first), N.title(of: first).withoutControls)
        try await limit.limit(waitingFor: "\(N.word) '\(title)' to be deleted") {
            try await client.follow { change in
                if case .event(let event) = change, event.objectID != id { return true }
                do throws(ClientError) {
                    _ = try await client.get(N.resource, id)
                    return true
                } catch {
                    guard case .refused(let refusal) = error, refusal.status == 404 else {
                        throw error
                    }
                    return false
                }
            }
        } failure: {
            "\(N.word) '\(title)' is still there after \(limit)"
        }
        return first
    }

    private func until(
        _ state: String,
        _ look: @escaping @Sendable (N.Answer) -> Look,
        _ follow:
            @escaping @Sendable (
                _ id: String, _ check: @escaping @Sendable () async throws -> Bool
            ) async throws -> Void
    ) async throws -> N.Answer {
        let first = try await N.find(name, client)
        let (id, title) = (N.id(of: first), N.title(of: first).withoutControls)
        let newest = Mutex((answer: first, reason: String?.none))
        @Sendable func isReached(_ answer: N.Answer) -> Bool {
            let result = look(answer)
            var reason: String?
            if case .missing(let known) = result { reason = known }
            newest.withLock { $0 = (answer, reason) }
            if case .reached = result { return true }
            return false
        }
        if isReached(first) { return first }
        try await limit.limit(waitingFor: "\(N.word) '\(title)' to be \(state)") {
            try await follow(id) { isReached(try await client.get(N.resource, id)) }
        } failure: {
            let reason = newest.withLock { $0.reason }.map { ": \($0)" } ?? ""
            return "\(N.word) '\(title)' is not \(state) after \(limit)\(reason)"
        }
        return newest.withLock { $0.answer }
    }
}
