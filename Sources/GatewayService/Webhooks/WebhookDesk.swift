import GatewayDomain
import GatewayStore
import Synchronization

/// What this process remembers of its work for webhooks.
final class WebhookDesk: Sendable {
    private struct Work {
        var hasWebhooks = false
        var lookedAt: ContinuousClock.Instant?
        var lookedForPeersAt: ContinuousClock.Instant?
        var lease: (lease: Lease, at: ContinuousClock.Instant)?
        /// Up to where the journal has nothing for a webhook that is not settled. What is stored may be behind, as
        /// entries that a webhook is not sent are not worth a write.
        var places: [WebhookID: Int64] = [:]
        /// Those that are being sent something.
        var busy: Set<WebhookID> = []
        /// Those that are being sent a test.
        var tested: Set<WebhookID> = []
        /// Those of which the target takes nothing.
        var failing: [WebhookID: Failing] = [:]
        /// Those of which the last rounds could not be stored.
        var unstored: [WebhookID: Unstored] = [:]
    }

    private struct Failing {
        let pauseEnd: ContinuousClock.Instant
        /// A webhook that has changed since is tried at once.
        let updatedAt: Timestamp
        /// And so is one that its owner wants to be.
        let hurriedAt: Timestamp?

        func isOf(_ stored: Webhooks.AtWork) -> Bool {
            updatedAt == stored.webhook.updatedAt && hurriedAt == stored.hurriedAt
        }
    }

    private struct Unstored {
        static let longestPause = Duration.seconds(60)

        var pause: Duration
        var pauseEnd: ContinuousClock.Instant
    }

    private let state = Mutex(Work())

    /// Whether it is worth a look that this was committed.
    func isOfInterest(_ notice: CommitNotice) -> Bool {
        state.withLock { state in
            if notice.objectType == .webhook { state.lookedAt = nil }
            return state.hasWebhooks || notice.objectType == .webhook
        }
    }

    func isLookDue(at time: ContinuousClock.Instant, interval: Duration) -> Bool {
        state.withLock { state in
            if state.hasWebhooks { return true }
            if let last = state.lookedAt, last + interval > time { return false }
            state.lookedAt = time
            return true
        }
    }

    func isPresenceDue(at time: ContinuousClock.Instant, interval: Duration) -> Bool {
        state.withLock { state in
            if let last = state.lookedForPeersAt, last + interval > time { return false }
            state.lookedForPeersAt = time
            return true
        }
    }

    /// - Parameter webhooks: all that are at work.
    func note(_ webhooks: [Webhooks.AtWork]) {
        state.withLock { state in
            state.hasWebhooks = !webhooks.isEmpty
            let known = state
            (state.places, state.failing, state.unstored) = ([:], [:], [:])
            for stored in webhooks {
                let id = stored.webhook.id
                state.places[id] = max(known.places[id] ?? 0, stored.position)
                state.unstored[id] = known.unstored[id]
                guard let failing = known.failing[id], failing.isOf(stored) else { continue }
                state.failing[id] = failing
            }
        }
    }

    func isPaused(_ id: WebhookID, at time: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            [state.failing[id]?.pauseEnd, state.unstored[id]?.pauseEnd].contains { end in
                end.map { time < $0 } ?? false
            }
        }
    }

    func isFailing(_ id: WebhookID) -> Bool { state.withLock { $0.failing[id] != nil } }

    /// Its target takes nothing.
    func pause(_ stored: Webhooks.AtWork, until end: ContinuousClock.Instant) {
        let failing = Failing(
            pauseEnd: end,
            updatedAt: stored.webhook.updatedAt,
            hurriedAt: stored.hurriedAt
        )
        state.withLock { $0.failing[stored.webhook.id] = failing }
    }

    /// Its target takes something.
    func resume(_ id: WebhookID) { state.withLock { $0.failing[id] = nil } }

    func noteUnstored(_ id: WebhookID, at time: ContinuousClock.Instant) {
        state.withLock { state in
            let last = state.unstored[id]?.pause
            let pause = min(last.map { $0 * 2 } ?? .seconds(1), Unstored.longestPause)
            state.unstored[id] = Unstored(pause: pause, pauseEnd: time + pause)
        }
    }

    func noteStored(_ id: WebhookID) { state.withLock { $0.unstored[id] = nil } }

    func lease(at time: ContinuousClock.Instant, renewedEvery interval: Duration) -> Lease? {
        state.withLock { state in
            guard let lease = state.lease, lease.at + interval > time else { return nil }
            return lease.lease
        }
    }

    func note(_ lease: Lease?, at time: ContinuousClock.Instant) {
        state.withLock { $0.lease = lease.map { ($0, time) } }
    }

    func place(of id: WebhookID) -> Int64 { state.withLock { $0.places[id] ?? 0 } }

    /// One that is not at work any more is not remembered.
    func note(place: Int64, of id: WebhookID) {
        state.withLock { state in
            if let known = state.places[id] { state.places[id] = max(known, place) }
        }
    }

    /// False for one that is being sent something already.
    func begin(_ id: WebhookID) -> Bool { state.withLock { $0.busy.insert(id).inserted } }

    func end(_ id: WebhookID) { state.withLock { _ = $0.busy.remove(id) } }

    /// False for one that is being sent a test already.
    func beginTest(_ id: WebhookID) -> Bool { state.withLock { $0.tested.insert(id).inserted } }

    func endTest(_ id: WebhookID) { state.withLock { _ = $0.tested.remove(id) } }
}
