import GatewayDomain
import GatewayStore

extension Webhook {
    /// Sending takes less, as long as all goes well.
    private static let ordinarySeconds: Int64 = 60

    /// With what waits for it, in the table and in the journal.
    ///
    /// - Parameters:
    ///   - place: up to where the journal is known to have nothing for it.
    ///   - limit: how many are looked at in each of the two at most, the oldest first.
    func withBacklog(
        from place: Int64 = 0,
        at time: Timestamp,
        limit: Int = WebhookRound.mostQueued,
        _ db: any SQLConnection
    ) throws -> Webhook {
        guard isEnabled else { return self }
        var webhook = self
        let queued = try WebhookEvents.backlog(of: id, limit: limit, db)
        let unread = try Events.wanted(
            by: self,
            after: place,
            limit: limit,
            db
        )
        webhook.backlog.count = queued.count + unread.count
        webhook.backlog.since = [queued.since, unread.since].compactMap(\.self).min()
        let end = webhook.backlog.since?.advanced(bySeconds: Self.ordinarySeconds)
        webhook.backlog.isLate = queued.isLate || end.map { $0 <= time } ?? false
        return webhook
    }
}
