package import GatewayDomain
import GatewayStore

/// A webhook with its secret, which is shown in the answer that makes it and in no other.
package struct WebhookWithSecret: Sendable {
    package let webhook: Webhook
    package let secret: WebhookSecret
}

extension Verb<WebhookWithSecret> {
    package static func createWebhook(_ request: NewWebhook) -> Verb {
        Verb(requiring: .unrestricted(.owner)) { tx, caller in
            var reader = FieldReader()
            let name = reader.required(request.name)
            let url = reader.required(request.url)
            reader.judge(request.url, tx.settings.webhookTargets)
            let events = reader.eventPatterns(request.events)
            if request.events.isUnsaid { reader.report(request.events, .missing) }
            let isEnabled = reader.optional(request.isEnabled) ?? true
            let webhook = try reader.finish { fields in
                Webhook(
                    id: .random(),
                    organizationID: caller.organizationID,
                    name: try fields.value(name),
                    url: try fields.value(url),
                    events: events ?? [],
                    isEnabled: isEnabled,
                    createdAt: tx.time,
                    updatedAt: tx.time
                )
            }
            try caller.require(.role(webhook.neededRole))
            try tx.checkLimit(Webhook.mostOfOrganization, of: "webhooks") {
                try Webhooks.all(of: caller.organizationID, tx.db).count
            }
            let secret = WebhookSecret.random()
            try tx.followingPresence(of: caller.organizationID) {
                try Webhooks.insert(
                    webhook,
                    secret: try tx.masterKey.seal(secret.key, for: .webhookSecret, of: webhook.id),
                    // Behind the entry that says that it was made.
                    position: try tx.journal.nextRevision(),
                    tx.db
                )
            }
            try tx.journal.created(.webhook(webhook))
            return WebhookWithSecret(webhook: webhook, secret: secret)
        }
    }

    /// Gives a webhook another secret. The one that it had is signed with for a while as well, so that receivers can be told
    /// of the new one meanwhile.
    package static func rotateWebhookSecret(
        _ id: WebhookID,
        _ request: NewWebhookSecret
    ) -> Verb {
        Verb(requiring: .unrestricted(.owner)) { tx, caller in
            let old = try tx.webhook(id, of: caller)
            var reader = FieldReader()
            let seconds = reader.optional(request.oldExpiresIn) ?? Self.oldSeconds
            try reader.finish()
            guard let stored = try Webhooks.stored(id, tx.db) else { throw ServiceError.notFound }
            var webhook = old
            webhook.updatedAt = tx.time
            let secret = WebhookSecret.random()
            var secrets = Webhooks.Secrets(
                current: try tx.masterKey.seal(secret.key, for: .webhookSecret, of: id)
            )
            if seconds > 0 {
                secrets.old = (
                    stored.secrets.current, tx.time.advanced(bySeconds: Int64(seconds))
                )
            }
            try Webhooks.set(secrets, of: webhook, tx.db)
            try tx.journal.updated(.webhook(old), to: .webhook(webhook))
            return WebhookWithSecret(
                webhook: try webhook.withBacklog(at: tx.time, tx.db),
                secret: secret
            )
        }
    }

    private static var oldSeconds: Int { 86_400 }
}

extension Verb<Webhook> {
    package static func updateWebhook(
        _ id: WebhookID,
        _ change: WebhookChange,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: .unrestricted(.owner)) { tx, caller in
            let old = try tx.webhook(id, of: caller)
            try precondition.check(old.updatedAt)
            var reader = FieldReader()
            let name = reader.value(change.name, default: old.name)
            let url = reader.value(change.url, default: old.url)
            reader.judge(change.url, tx.settings.webhookTargets)
            let events = reader.eventPatterns(change.events) ?? old.events
            let isEnabled = reader.value(change.isEnabled, default: old.isEnabled)
            var webhook = old
            try reader.finish { fields in
                webhook.name = try fields.value(name)
                webhook.url = try fields.value(url)
                webhook.events = events
                webhook.isEnabled = try fields.value(isEnabled)
            }
            try caller.require(.role(webhook.neededRole))
            guard webhook != old else { return try old.withBacklog(at: tx.time, tx.db) }
            webhook.updatedAt = tx.time
            try tx.followingPresence(of: webhook.organizationID) {
                try Webhooks.update(webhook, tx.db)
            }
            if webhook.events != old.events { try tx.passUnwanted(by: old) }
            // The new target may take what the old one did not.
            if webhook.url != old.url { try WebhookEvents.hurry(for: id, at: tx.time, tx.db) }
            if webhook.isEnabled != old.isEnabled {
                try WebhookEvents.deleteAll(for: id, tx.db)
                webhook.standing.failingSince = nil
                try Webhooks.update(
                    webhook.standing,
                    position: try tx.journal.nextRevision(),
                    of: id,
                    tx.db
                )
            }
            try tx.journal.updated(.webhook(old), to: .webhook(webhook))
            return try webhook.withBacklog(at: tx.time, tx.db)
        }
    }

    /// Makes due what waits to be sent again, however often it has failed.
    package static func retryWebhook(_ id: WebhookID) -> Verb {
        Verb(requiring: .unrestricted(.owner)) { tx, caller in
            let webhook = try tx.webhook(id, of: caller)
            if webhook.isEnabled { try Webhooks.hurry(id, at: tx.time, tx.db) }
            tx.journal.passOver()
            return try webhook.withBacklog(at: tx.time, tx.db)
        }
    }

    package static func deleteWebhook(
        _ id: WebhookID,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: .unrestricted(.owner)) { tx, caller in
            let webhook = try tx.webhook(id, of: caller, reading: .forDeletion)
            try precondition.check(webhook.updatedAt)
            try tx.followingPresence(of: webhook.organizationID) {
                try Webhooks.delete(webhook, tx.db)
            }
            try tx.journal.deleted(.webhook(webhook))
            return webhook
        }
    }
}

extension Transaction {
    /// One that the caller may change, and whose secret it may have.
    fileprivate func webhook(
        _ id: WebhookID,
        of caller: Caller,
        reading: Reading = .strict
    ) throws -> Webhook {
        let found = try Webhooks.find(id, of: caller.organizationID, reading: reading, db)
        guard let found else { throw ServiceError.notFound }
        try caller.require(.role(found.neededRole))
        return found
    }

    /// Moves the place of a webhook up to the first event that waits for it in the journal, so that of what was there before, other
    /// events that it asks for from now on are neither counted nor sent. Behind an event that waits, they are.
    fileprivate func passUnwanted(by old: Webhook) throws {
        guard old.isEnabled else { return }
        let first = try Events.firstWanted(by: old, db)
        let next = try first ?? journal.nextRevision()
        try Webhooks.set(position: next - 1, of: old.id, db)
    }

    /// Begins to follow which peers of an organization are connected where it now has a webhook for that, and ends it where it has none
    /// any more. What was so before is not told.
    fileprivate func followingPresence(
        of organization: OrganizationID,
        _ change: () throws -> Void
    ) throws {
        let before = try Webhooks.all(of: organization, db).contains(where: \.wantsPresence)
        try change()
        let after = try Webhooks.all(of: organization, db).contains(where: \.wantsPresence)
        guard after != before else { return }
        if after {
            try PresentPeers.begin(of: organization, at: time, db)
        } else {
            try PresentPeers.end(of: organization, db)
        }
    }
}

extension FieldReader {
    /// What can be told without asking for the addresses of a name.
    fileprivate mutating func judge(_ field: Field<WebhookURL>, _ targets: WebhookTargets) {
        guard case .value(let url) = field.content else { return }
        if let address = url.address {
            if let objection = targets.objection(to: address, isSecure: url.isSecure) {
                report(field, .invalid("names \(address), which \(objection)"))
            }
        } else if !url.isSecure, targets.allowed.isEmpty {
            report(field, .invalid("must begin with https://"))
        }
    }

    /// Nil where the request says nothing, or something wrong, which is reported.
    fileprivate mutating func eventPatterns(
        _ field: Field<[Field<EventPattern>]>
    ) -> [EventPattern]? {
        guard let fields = optional(field) else { return nil }
        var patterns: [EventPattern] = []
        for field in fields {
            guard let pattern = optional(field), !patterns.contains(pattern) else { continue }
            patterns.append(pattern)
        }
        if fields.isEmpty { report(field, .tooShort(minimum: 1)) }
        return patterns
    }
}
