import GatewayDomain
import GatewayStore

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
    /// How far what is stored of a webhook's place in the journal may be behind, in revisions.
    private static let mostBehind: Int64 = 1_000
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
        webhookDesk.note(webhooks)
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
            (
                try WebhookEvents.webhooks(withDueAt: now, db),
                try Webhooks.newestRevisions(db)
            )
        }
        let waiting = webhooks.map(\.webhook.id).filter { id in
            guard !webhookDesk.isPaused(id, at: time) else { return false }
            return due.contains(id) || webhookDesk.place(of: id) < newest[id] ?? 0
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
            let isProbe = webhookDesk.isFailing(id)
            let outcomes = await send(
                round,
                openSecrets(round.stored, at: time),
                isProbe: isProbe
            )
            guard let end = try await store(outcomes, of: round, lease) else { return false }
            webhookCounts.count(.dropped, end.dropped)
            webhookDesk.note(place: round.end, of: id)
            if let pause = round.pause(after: outcomes, isProbe: isProbe, at: now()) {
                webhookDesk.pause(round.stored, until: uptime() + pause)
                return false
            }
            if outcomes.contains(where: { !$0.delivered.isEmpty }) { webhookDesk.resume(id) }
        } else if round.end - round.stored.position >= Self.mostBehind {
            // Known here, whether it can be stored or not.
            webhookDesk.note(place: round.end, of: id)
            // Or the next server would have to read all of it again.
            try await storing(for: id, lease) { tx in
                try Webhooks.set(position: round.end, of: id, tx.db)
            }
        }
        webhookDesk.note(place: round.end, of: id)
        return !round.isEmpty || round.isPart
    }

    private func store(
        _ outcomes: [WebhookOutcome],
        of round: WebhookRound,
        _ lease: Lease?
    ) async throws -> WebhookRound.End? {
        try await storing(for: round.stored.webhook.id, lease) { [webhooks] tx in
            let end = try tx.store(outcomes, of: round)
            if let notice = end?.notice { tx.afterCommit.add { webhooks.tell(notice) } }
            return end
        }
    }

    /// What could not be stored is done again, so each failure makes the next round later.
    private func storing<Value: Sendable>(
        for id: WebhookID,
        _ lease: Lease?,
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        do {
            // Also where the server stops meanwhile: what was delivered until then is not sent again.
            let value = try await Task {
                try await change { tx in
                    if let lease { try tx.require(lease) }
                    return try body(tx)
                }
            }.value
            webhookDesk.noteStored(id)
            return value
        } catch {
            if error is LeaseLost { webhookDesk.note(nil, at: uptime()) }
            webhookDesk.noteUnstored(id, at: uptime())
            throw error
        }
    }

    /// - Parameter isProbe: whether nothing else is tried where the first attempt fails.
    private func send(
        _ round: WebhookRound,
        _ secrets: [WebhookSecret],
        isProbe: Bool
    ) async -> [WebhookOutcome] {
        let deadline = webhookDeadline
        var chains = round.chains[...]
        var first: [WebhookOutcome] = []
        if isProbe, let chain = chains.popFirst() {
            let outcome = await send(chain, to: round.stored.webhook, secrets, before: deadline)
            first = [outcome]
            if outcome.failed != nil {
                return first + chains.map { WebhookOutcome(rest: $0.map(\.event)) }
            }
        }
        return await first + send(chains, of: round, secrets, before: deadline)
    }

    private func send(
        _ chains: ArraySlice<[WebhookRound.Sending]>,
        of round: WebhookRound,
        _ secrets: [WebhookSecret],
        before deadline: ContinuousClock.Instant
    ) async -> [WebhookOutcome] {
        await withTaskGroup(of: WebhookOutcome.self) { group in
            var outcomes: [WebhookOutcome] = []
            var begun = 0
            for chain in chains {
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
