import GatewayDomain
import GatewayStore

extension Webhook {
    /// Sending takes less, as long as all goes well.
    private static let ordinarySeconds: Int64 = 60

    /// With what waits for it, in the table and in the journal.
    ///
    /// - Parameter place: up to where the journal is known to have nothing for it.
    func withBacklog(
        from place: Int64 = 0,
        at time: Timestamp,
        _ db: any SQLConnection
    ) throws -> Webhook {
        guard isEnabled, let stored = try Webhooks.stored(id, db) else { return self }
        var webhook = self
        let queued = try WebhookEvents.backlog(of: id, db)
        let unread = try Events.wanted(
            by: self,
            after: max(stored.position, place),
            limit: WebhookRound.mostQueued,
            db
        )
        webhook.backlog.count = queued.count + unread.count
        webhook.backlog.since = [queued.since, unread.since].compactMap(\.self).min()
        let end = webhook.backlog.since?.advanced(bySeconds: Self.ordinarySeconds)
        webhook.backlog.isLate = queued.isLate || end.map { $0 <= time } ?? false
        return webhook
    }
}
