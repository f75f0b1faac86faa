package import GatewayDomain

/// That a webhook fails, or works again, for the operator of the server: without its name and what may be secret of its URL.
package struct WebhookTurn: Equatable, Sendable {
    package let id: WebhookID
    package let organizationID: OrganizationID
    package let host: String
    /// Since when it fails, or did.
    package let failingSince: Timestamp
    /// Why, without what the target has answered; nil where it works again.
    package let error: String?

    /// A failure that does not last this long is not told.
    static let shortestSeconds: Int64 = 60
}

extension Webhook {
    func hasLongFailed(at time: Timestamp) -> Bool {
        standing.failingSince.map { $0.advanced(bySeconds: WebhookTurn.shortestSeconds) <= time }
            ?? false
    }
}

extension ControlPlane {
    /// Tells once that a webhook fails, and once that it does not any more.
    ///
    /// - Parameters:
    ///   - webhook: as it was before.
    ///   - standing: how it goes now.
    ///   - attempts: what has made the difference.
    func tell(
        of webhook: Webhook,
        _ standing: Webhook.Standing,
        after attempts: [WebhookDelivery]
    ) {
        let (time, old) = (now(), webhook)
        var webhook = webhook
        webhook.standing = standing
        let error: String?
        if webhook.hasLongFailed(at: time), webhookDesk.beginsToFail(webhook.id) {
            let last = attempts.last { $0.error != nil }
            error = last?.status.map { "status \($0)" } ?? last?.error ?? "unknown"
        } else if standing.failingSince == nil, webhookDesk.failsNoMore(webhook.id) {
            error = nil
        } else {
            return
        }
        guard let since = standing.failingSince ?? old.standing.failingSince else { return }
        webhooks.tell(
            WebhookTurn(
                id: webhook.id,
                organizationID: webhook.organizationID,
                host: webhook.url.host,
                failingSince: since,
                error: error
            )
        )
    }
}
