import GatewayDomain
import GatewayStore

/// Tells webhooks which peers have connected and which have fallen silent since the last look. Only organizations that
/// have a webhook for that are looked at.
extension ControlPlane {
    /// Peers of a transaction, for which others wait.
    private static let fewPeers = 100

    func notePresence(_ lease: Lease?) async throws {
        let time = now()
        let changed = try await store.readAside { db in
            var changed: Set<OrganizationID> = []
            for stored in try Webhooks.enabled(db) where stored.webhook.wantsPresence {
                let organization = stored.webhook.organizationID
                guard !changed.contains(organization) else { continue }
                for presence in PeerPresence.allCases {
                    let peers = try PresentPeers.changed(
                        to: presence,
                        of: organization,
                        at: time,
                        limit: 1,
                        db
                    )
                    if !peers.isEmpty { changed.insert(organization) }
                }
            }
            return changed
        }
        for organization in changed.sorted() {
            for presence in PeerPresence.allCases {
                var isDone = false
                while !isDone {
                    isDone = try await change { tx in
                        if let lease { try tx.require(lease) }
                        return try note(presence, of: organization, tx)
                    }
                }
            }
        }
    }

    /// - Returns: whether there are no more.
    private func note(
        _ presence: PeerPresence,
        of organization: OrganizationID,
        _ tx: Transaction
    ) throws -> Bool {
        let peers = try PresentPeers.changed(
            to: presence,
            of: organization,
            at: tx.time,
            limit: Self.fewPeers,
            tx.db
        )
        let wanting = try Webhooks.all(of: organization, tx.db).filter {
            $0.isEnabled && $0.wants(.peer, presence.rawValue)
        }
        let revision = try tx.journal.nextRevision() - 1
        let scope = Scope(organizationID: organization)
        var messages: [WebhookMessage] = []
        for id in peers {
            try PresentPeers.note(presence, of: id, in: organization, tx.db)
            // A damaged one is known of, and nothing can be said of it.
            let found: Peer?
            do {
                found = try Peers.find(id, in: scope, tx.db)
            } catch {
                guard case .damaged = error else { throw error }
                continue
            }
            guard let peer = found else { continue }
            let network = try tx.network(of: id, in: scope)
            messages.append(
                WebhookMessage(
                    id: "\(Identifier<WebhookMessage>.random())",
                    type: "\(Event.ObjectType.peer.rawValue).\(presence.rawValue)",
                    occurredAt: tx.time,
                    organizationID: organization,
                    networkID: network,
                    objectType: Event.ObjectType.peer.rawValue,
                    objectID: "\(id)",
                    before: nil,
                    after: journalText(.peer(peer, in: network))
                )
            )
        }
        for webhook in wanting {
            try queue(messages, behind: revision, for: webhook, tx)
        }
        return peers.count < Self.fewPeers
    }

    private func queue(
        _ messages: [WebhookMessage],
        behind revision: Int64,
        for webhook: Webhook,
        _ tx: Transaction
    ) throws {
        guard let stored = try Webhooks.stored(webhook.id, tx.db) else { return }
        let room = WebhookRound.mostQueued - (try WebhookEvents.count(for: webhook.id, tx.db))
        let waits = try WebhookEvents.waits(
            for: webhook.id,
            of: Set(messages.map(\.objectID)),
            tx.db
        )
        for message in messages.prefix(max(room, 0)) {
            try WebhookEvents.insert(
                WebhookEvents.Queued(
                    objectID: message.objectID,
                    revision: revision,
                    eventID: message.id,
                    type: message.type,
                    body: webhooks.text(message),
                    queuedAt: tx.time,
                    nextAttemptAt: waits[message.objectID] ?? tx.time
                ),
                for: webhook.id,
                tx.db
            )
        }
        let dropped = messages.count - min(messages.count, max(room, 0))
        var standing = webhook.standing
        standing.droppedCount += dropped
        try Webhooks.update(standing, position: stored.position, of: webhook.id, tx.db)
        if dropped > 0 {
            tx.afterCommit.add { [webhookCounts] in webhookCounts.count(.dropped, dropped) }
        }
    }
}
