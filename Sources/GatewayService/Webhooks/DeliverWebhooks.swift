import GatewayDomain
import GatewayStore
import Synchronization

/// Sends webhooks what has happened. Of several servers, one does it.
extension ControlPlane {
    private static let interval = Duration.seconds(1)
    private static let pause = Duration.milliseconds(100)
    /// Of looks at peers, and for webhooks where there were none.
    private static let longInterval = Duration.seconds(10)
    static let webhookLeaseName = "webhooks"
    /// Longer than a round takes with its last attempt.
    private static let leaseSeconds: Int64 = 60
    private static let renewalInterval = Duration.seconds(15)
    /// Events that are on their way to one webhook at a time, each of another object.
    private static let mostChains = 4

    /// Until the task is cancelled.
    ///
    /// - Parameter note: is told of errors of the store and of this program. Those of targets are in their deliveries.
    package func followWebhooks(_ note: @escaping @Sendable (any Error) -> Void) async {
        let (wakes, stop) = commits.wakes(atLeastEvery: Self.interval) { [webhookDesk] in
            webhookDesk.isOfInterest($0)
        }
        defer { stop() }
        await withDiscardingTaskGroup { group in
            for await _ in wakes where !Task.isCancelled {
                do {
                    // Many commits in a row are one.
                    try await Task.sleep(for: Self.pause)
                    guard let look = try await lookForWebhooks() else { continue }
                    for id in look.webhooks where webhookDesk.begin(id) {
                        group.addTask {
                            do {
                                try await deliver(to: id, look.lease)
                            } catch {
                                note(error)
                            }
                            webhookDesk.end(id)
                        }
                    }
                } catch {
                    note(error)
                }
            }
            group.cancelAll()
        }
    }

    /// Sends all that is due by now, and returns when it is settled.
    package func deliverWebhooks() async throws {
        guard let look = try await lookForWebhooks(isDue: true) else { return }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in look.webhooks {
                group.addTask { try await deliver(to: id, look.lease) }
            }
            try await group.waitForAll()
        }
    }

    /// Nil where nothing is to be done.
    private func lookForWebhooks(
        isDue: Bool = false
    ) async throws -> (webhooks: [WebhookID], lease: Lease?)? {
        let time = uptime()
        guard isDue || webhookDesk.isLookDue(at: time, interval: Self.longInterval) else {
            return nil
        }
        let webhooks = try await store.read { db in try Webhooks.enabled(db) }
        webhookDesk.note(webhooks.map { ($0.webhook.id, $0.position) })
        guard !webhooks.isEmpty else { return nil }
        let lease = try await webhookLease(at: time)
        if server != nil, lease == nil { return nil }
        if webhooks.contains(where: \.webhook.wantsPresence),
            isDue || webhookDesk.isPresenceDue(at: time, interval: Self.longInterval)
        {
            try await notePresence(lease)
        }
        let now = now()
        let (due, newest) = try await store.read { db in
            (try WebhookEvents.webhooks(withDueAt: now, db), try Events.newestRevision(db))
        }
        let waiting = webhooks.map(\.webhook.id).filter {
            due.contains($0) || webhookDesk.place(of: $0) < newest
        }
        return (waiting, lease)
    }

    /// Nil where there is one server, or another one has it.
    private func webhookLease(at time: ContinuousClock.Instant) async throws -> Lease? {
        guard let server else { return nil }
        if let lease = webhookDesk.lease(at: time, renewedEvery: Self.renewalInterval) {
            return lease
        }
        let lease = try await change { tx in
            try tx.lease(Self.webhookLeaseName, for: server, seconds: Self.leaseSeconds)
        }
        webhookDesk.note(lease, at: time)
        return lease
    }

    private func deliver(to id: WebhookID, _ lease: Lease?) async throws {
        while !Task.isCancelled, try await sendRound(to: id, lease) {}
    }

    /// - Returns: whether more may be due.
    private func sendRound(to id: WebhookID, _ lease: Lease?) async throws -> Bool {
        let time = now()
        let place = webhookDesk.place(of: id)
        let round = try await store.read { db in
            try WebhookRound(id, from: place, at: time, text: webhooks.text, db)
        }
        guard let round else { return false }
        if !round.isEmpty {
            let outcomes = await send(round, openSecrets(round.stored, at: time))
            let dropped = try await change { tx in
                if let lease { try tx.require(lease) }
                return try tx.store(outcomes, of: round)
            }
            guard let dropped else { return false }
            webhookCounts.count(.dropped, dropped)
        }
        webhookDesk.note(place: round.end, of: id)
        return !round.isEmpty || round.isPart
    }

    private func send(
        _ round: WebhookRound,
        _ secrets: [WebhookSecret]
    ) async -> [WebhookOutcome] {
        let deadline = webhookDeadline
        return await withTaskGroup(of: WebhookOutcome.self) { group in
            var outcomes: [WebhookOutcome] = []
            var begun = 0
            for chain in round.chains {
                if begun >= Self.mostChains, let outcome = await group.next() {
                    outcomes.append(outcome)
                }
                begun += 1
                group.addTask {
                    await send(chain, to: round.stored.webhook, secrets, before: deadline)
                }
            }
            for await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
    }
}

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

    /// - Parameter webhooks: all that are at work, and their stored places.
    func note(_ webhooks: [(id: WebhookID, position: Int64)]) {
        state.withLock { state in
            state.hasWebhooks = !webhooks.isEmpty
            let known = state.places
            state.places = [:]
            for (id, position) in webhooks { state.places[id] = max(known[id] ?? 0, position) }
        }
    }

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
}
