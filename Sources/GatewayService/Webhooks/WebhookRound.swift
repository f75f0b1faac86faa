import GatewayDomain
import GatewayStore

/// What one webhook is to be sent now, and how it went.
///
/// Events of one object are a chain, in which each is sent once the one before is delivered. Where one fails, the rest of its chain
/// waits with it in the store, and other chains go on.
struct WebhookRound {
    /// Events that wait for a webhook whose target does not take them. More than these stay in the journal, from which they are read
    /// once there is room.
    static let mostQueued = 10_000
    /// Of the journal or of those that wait, at a time.
    private static let fewEvents = 100

    /// An event on its way.
    struct Sending: Sendable {
        /// As it is stored, or would be.
        var event: WebhookEvents.Queued
        /// Nil where the journal has its entry not any more.
        let body: String?
    }

    let stored: Webhooks.AtWork
    /// Up to where the journal was done with before.
    let begin: Int64
    /// And will be, once what is sent now is settled.
    let end: Int64
    /// Whether there is more of the journal behind that.
    let isPart: Bool
    let chains: [[Sending]]
    /// Events of objects of which others wait.
    let queued: [WebhookEvents.Queued]

    /// What is known once it is stored.
    struct End: Equatable, Sendable {
        /// How many events were given up.
        let dropped: Int
        /// What the operator is to be told.
        let notice: WebhookNotice?
    }

    /// Nil for a webhook that is not at work.
    ///
    /// - Parameter place: up to where the journal is known to have nothing for it.
    init?(
        _ id: WebhookID,
        from place: Int64,
        at time: Timestamp,
        text: (WebhookMessage) -> String,
        _ db: any SQLConnection
    ) throws {
        guard let stored = try Webhooks.stored(id, db), stored.webhook.isEnabled else {
            return nil
        }
        self.stored = stored
        let webhook = stored.webhook
        begin = max(stored.position, place)
        let room = Self.mostQueued - (try WebhookEvents.count(for: id, db))
        var entries: [JournalEntry] = []
        if room > 0 {
            let newest = try Events.newestRevision(db)
            let next = try Events.next(
                after: begin,
                in: Scope(organizationID: webhook.organizationID),
                types: webhook.objectTypes,
                limit: min(room, Self.fewEvents),
                db
            )
            entries = next.entries.filter {
                webhook.wants($0.event.objectType, $0.event.operation.rawValue)
            }
            end = max(next.end ?? newest, begin)
            isPart = next.end != nil
        } else {
            (end, isPart) = (begin, false)
        }
        let due = try WebhookEvents.due(
            for: id,
            at: time,
            upTo: entries.isEmpty ? end : begin,
            limit: Self.fewEvents,
            db
        )
        let waits = try WebhookEvents.waits(
            for: id,
            of: Set(entries.map(\.event.objectID)),
            db
        )
        let dueEntries = try Events.entries(
            due.compactMap { $0.body == nil ? $0.revision : nil },
            of: webhook.organizationID,
            db
        )
        let bodies = Dictionary(
            dueEntries.map { ($0.revision, text(WebhookMessage($0))) },
            uniquingKeysWith: { first, _ in first }
        )
        var chains = Chains()
        for event in due {
            chains.add(Sending(event: event, body: event.body ?? bodies[event.revision]))
        }
        var queued: [WebhookEvents.Queued] = []
        for entry in entries {
            let message = WebhookMessage(entry)
            let event = WebhookEvents.Queued(
                objectID: message.objectID,
                revision: entry.revision,
                eventID: message.id,
                type: message.type,
                body: nil,
                // It may have been in the journal for long while there was no room.
                queuedAt: min(entry.event.occurredAt, time),
                nextAttemptAt: waits[message.objectID] ?? time
            )
            if waits[message.objectID] == nil {
                chains.add(Sending(event: event, body: text(message)))
            } else {
                queued.append(event)
            }
        }
        self.chains = chains.all
        self.queued = queued
    }

    /// Whether it changes nothing that is stored.
    var isEmpty: Bool { chains.isEmpty && queued.isEmpty }

    /// By object, in the order of their first events.
    private struct Chains {
        private(set) var all: [[Sending]] = []
        private var places: [String: Int] = [:]

        mutating func add(_ sending: Sending) {
            let object = sending.event.objectID
            if let place = places[object] {
                all[place].append(sending)
            } else {
                places[object] = all.count
                all.append([sending])
            }
        }
    }
}

/// How far a chain has come.
struct WebhookOutcome: Sendable {
    var delivered: [WebhookEvents.Queued] = []
    /// The journal does not have them any more.
    var lost: [WebhookEvents.Queued] = []
    var failed: WebhookEvents.Queued?
    /// Behind the failure, or when the time of the round was over.
    var rest: [WebhookEvents.Queued] = []
    var attempts: [WebhookDelivery] = []
}

extension Transaction {
    /// How long an event is tried to be delivered.
    private static let daySeconds: Int64 = 86_400

    /// Stores how a round went.
    ///
    /// - Returns: nil where the webhook has changed so that the round is of no use.
    func store(_ outcomes: [WebhookOutcome], of round: WebhookRound) throws -> WebhookRound.End? {
        let id = round.stored.webhook.id
        guard let stored = try Webhooks.stored(id, db), stored.webhook.isEnabled,
            stored.position <= round.begin
        else { return nil }
        var dropped = 0
        for outcome in outcomes {
            for event in outcome.delivered + outcome.lost {
                if let number = event.number { try WebhookEvents.delete(number, for: id, db) }
            }
            dropped += outcome.lost.count
            try keep(outcome, for: id)
        }
        for event in round.queued { try WebhookEvents.insert(event, for: id, db) }
        // Once all of its object are stored, those that were read in this round among them.
        for case let failed? in outcomes.map(\.failed) {
            dropped += try postpone(
                behind: failed,
                for: id,
                isUrgent: stored.isMoreUrgent(than: round.stored)
            )
        }
        let attempts = outcomes.flatMap(\.attempts).sorted { $0.attemptedAt < $1.attemptedAt }
        try WebhookDeliveries.append(attempts, of: id, db)
        var standing = stored.webhook.standing
        for attempt in attempts { standing.take(attempt) }
        standing.droppedCount += dropped
        try Webhooks.update(standing, position: round.end, of: id, db)
        let notice = WebhookNotice(
            of: stored.webhook,
            standing,
            told: stored.toldFailingSince,
            after: attempts,
            at: time
        )
        if let notice {
            let told = notice.error == nil ? nil : notice.failingSince
            try Webhooks.set(toldFailingSince: told, of: id, db)
        }
        return WebhookRound.End(dropped: dropped, notice: notice)
    }

    /// Stores what was not delivered, in its order.
    private func keep(_ outcome: WebhookOutcome, for id: WebhookID) throws {
        if var failed = outcome.failed {
            failed.attempts += 1
            if let number = failed.number {
                try WebhookEvents.setAttempts(failed.attempts, of: number, for: id, db)
            } else {
                try WebhookEvents.insert(failed, for: id, db)
            }
        }
        for event in outcome.rest where event.number == nil {
            try WebhookEvents.insert(event, for: id, db)
        }
    }

    /// - Parameters:
    ///   - failed: as it was before the attempt.
    ///   - isUrgent: whether the next attempt is to be made at once.
    /// - Returns: how many events were given up.
    private func postpone(
        behind failed: WebhookEvents.Queued,
        for id: WebhookID,
        isUrgent: Bool
    ) throws -> Int {
        let end = time.advanced(bySeconds: -Self.daySeconds)
        let dropped = try WebhookEvents.delete(of: failed.objectID, queuedUntil: end, for: id, db)
        let pause = isUrgent ? 0 : WebhookPause.seconds(after: failed.attempts + 1)
        try WebhookEvents.postpone(
            of: failed.objectID,
            until: time.advanced(bySeconds: pause),
            for: id,
            db
        )
        return dropped
    }
}

extension Webhooks.AtWork {
    /// Whether its owner has asked for attempts at once, or changed it, since it was read before: what fails of that time says
    /// little of how it goes now.
    fileprivate func isMoreUrgent(than before: Webhooks.AtWork) -> Bool {
        hurriedAt != before.hurriedAt || webhook.updatedAt != before.webhook.updatedAt
    }
}

extension WebhookRound {
    /// For how long the webhook is left alone; nil where its target has taken something, or one object's event alone
    /// has failed, which may be due to that event.
    ///
    /// - Parameter isProbe: whether the target had failed before.
    func pause(after outcomes: [WebhookOutcome], isProbe: Bool, at time: Timestamp) -> Duration? {
        let attempts = outcomes.flatMap(\.attempts)
        let failures = outcomes.count { $0.failed != nil }
        guard failures > (isProbe ? 0 : 1), attempts.allSatisfy({ $0.error != nil }) else {
            return nil
        }
        let first = stored.webhook.standing.failingSince ?? attempts.map(\.attemptedAt).min()
        let microseconds = time.microseconds - (first ?? time).microseconds
        return .seconds(WebhookPause.seconds(ofFailing: microseconds / 1_000_000))
    }
}

/// Between attempts to deliver one event, or anything to a target that takes nothing.
enum WebhookPause {
    private static let shortest: Int64 = 5
    private static let longest: Int64 = 3_600

    /// As long as it has failed already.
    static func seconds(ofFailing seconds: Int64) -> Int64 {
        min(max(seconds, shortest), longest)
    }

    static func seconds(after attempts: Int) -> Int64 {
        var pause = shortest
        for _ in 1..<max(attempts, 1) where pause < longest { pause *= 3 }
        return min(pause, longest)
    }
}

extension Webhook.Standing {
    fileprivate mutating func take(_ attempt: WebhookDelivery) {
        if let error = attempt.error {
            failingSince = failingSince ?? attempt.attemptedAt
            lastError = error
        } else {
            lastDeliveredAt = attempt.attemptedAt
            failingSince = nil
        }
    }
}
