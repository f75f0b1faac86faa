package import GatewayDomain
import GatewayStore

/// One test of a webhook is sent at a time.
package struct WebhookTestUnderWay: Error {}

extension ControlPlane {
    /// A round begins no attempt behind this, so that what is delivered is soon stored.
    private static let roundLimit = Duration.seconds(20)

    /// Sends a chain in its order, up to the first failure.
    func send(
        _ chain: [WebhookRound.Sending],
        to webhook: Webhook,
        _ secrets: [WebhookSecret],
        before deadline: ContinuousClock.Instant
    ) async -> WebhookOutcome {
        var outcome = WebhookOutcome()
        for sending in chain {
            guard let body = sending.body else {
                outcome.lost.append(sending.event)
                continue
            }
            guard outcome.failed == nil, uptime() < deadline, !Task.isCancelled else {
                outcome.rest.append(sending.event)
                continue
            }
            let attempt = await webhookAttempts.withPermit { () -> WebhookDelivery? in
                // The permit may have taken long.
                guard uptime() < deadline, !Task.isCancelled else { return nil }
                return await self.attempt(
                    body,
                    id: sending.event.eventID,
                    type: sending.event.type,
                    at: webhook.url,
                    secrets
                )
            }
            guard let attempt else {
                outcome.rest.append(sending.event)
                continue
            }
            if attempt.error != nil, Task.isCancelled {
                // The server stops, and so the attempt.
                outcome.rest.append(sending.event)
                continue
            }
            outcome.attempts.append(attempt)
            if attempt.error == nil {
                outcome.delivered.append(sending.event)
            } else {
                outcome.failed = sending.event
            }
        }
        return outcome
    }

    var webhookDeadline: ContinuousClock.Instant { uptime() + Self.roundLimit }

    private func attempt(
        _ body: String,
        id: String,
        type: String,
        at url: WebhookURL,
        _ secrets: [WebhookSecret]
    ) async -> WebhookDelivery {
        let time = now()
        let begin = uptime()
        let answer =
            secrets.isEmpty
            ? WebhookReply.none("the master key of the server does not open the secret")
            : await webhooks.send(
                WebhookRequest(
                    url: url,
                    headers: Self.headers(id: id, at: time, signing: body, secrets),
                    body: body
                )
            )
        let result = WebhookDelivery(
            eventID: id,
            type: type,
            attemptedAt: time,
            milliseconds: Int(begin.duration(to: uptime()) / .milliseconds(1)),
            status: answer.status,
            error: answer.error
        )
        webhookCounts.count(result.error == nil ? .delivered : .failed)
        return result
    }

    /// Those of standardwebhooks.com.
    private static func headers(
        id: String,
        at time: Timestamp,
        signing body: String,
        _ secrets: [WebhookSecret]
    ) -> [(name: String, value: String)] {
        let second = time.microseconds / 1_000_000
        let signatures = secrets.map { $0.signature(of: body, id: id, second: second) }
        return [
            ("webhook-id", id), ("webhook-timestamp", "\(second)"),
            ("webhook-signature", signatures.joined(separator: " ")),
        ]
    }

    /// Those that are signed with at a time; none where the master key does not open them.
    func openSecrets(_ stored: Webhooks.AtWork, at time: Timestamp) -> [WebhookSecret] {
        var sealed = [stored.secrets.current]
        if let old = stored.secrets.old, old.endsAt > time { sealed.append(old.sealed) }
        return sealed.compactMap { sealed in
            (try? masterKey.open(sealed, for: .webhookSecret, of: stored.webhook.id))
                .map { WebhookSecret($0) }
        }
    }

    /// Sends a test event at once, whether the webhook is enabled or not.
    ///
    /// - Returns: what writes down how that went.
    /// - Throws: `WebhookTestUnderWay`.
    package func testWebhook(
        _ id: WebhookID,
        by caller: Caller
    ) async throws -> Verb<WebhookDelivery> {
        let webhook = try await showWebhook(id, by: caller)
        try caller.require(.role(webhook.neededRole))
        guard let stored = try await store.read({ db in try Webhooks.stored(id, db) }) else {
            throw ServiceError.notFound
        }
        guard webhookDesk.beginTest(id) else { throw WebhookTestUnderWay() }
        defer { webhookDesk.endTest(id) }
        let time = now()
        let message = WebhookMessage(
            id: "\(Identifier<WebhookMessage>.random())",
            type: "webhook.test",
            occurredAt: time,
            organizationID: webhook.organizationID,
            networkID: nil,
            objectType: Event.ObjectType.webhook.rawValue,
            objectID: "\(id)",
            before: nil,
            after: journalText(.webhook(webhook))
        )
        let attempt = await webhookAttempts.withPermit { () -> WebhookDelivery in
            await self.attempt(
                webhooks.text(message),
                id: message.id,
                type: message.type,
                at: webhook.url,
                openSecrets(stored, at: time)
            )
        }
        return Verb(requiring: .unrestricted(.owner)) { tx, caller in
            let found = try Webhooks.find(id, of: caller.organizationID, tx.db)
            guard found != nil else { throw ServiceError.notFound }
            try WebhookDeliveries.append([attempt], of: id, tx.db)
            tx.journal.passOver()
            return attempt
        }
    }
}

extension WebhookReply {
    fileprivate var status: Int? {
        guard case .status(let status, text: _) = self else { return nil }
        return status
    }

    /// Nil for a delivery.
    fileprivate var error: String? {
        switch self {
        case .status(200..<300, text: _): nil
        case .status(let status, text: ""): "status \(status)"
        case .status(let status, let text): "status \(status): \(text)"
        case .none(let reason): reason
        }
    }
}
