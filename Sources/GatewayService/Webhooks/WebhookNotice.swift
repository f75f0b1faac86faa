package import GatewayDomain

/// That a webhook fails, or works again, for the operator of the server: without its name and its URL, of which any part may be secret.
package struct WebhookNotice: Equatable, Sendable {
    package let id: WebhookID
    package let organizationID: OrganizationID
    /// Since when it fails, or did.
    package let failingSince: Timestamp
    /// Why, without what the target has answered; nil where it works again.
    package let error: String?

    /// A failure that does not last this long is not told.
    static let shortestSeconds: Int64 = 60
}

extension WebhookNotice {
    /// Nil where the operator knows, or need not know.
    ///
    /// - Parameters:
    ///   - standing: how the webhook goes now.
    ///   - told: since when it fails as far as the operator knows; nil where it works.
    ///   - attempts: what has made the difference.
    init?(
        of webhook: Webhook,
        _ standing: Webhook.Standing,
        told: Timestamp?,
        after attempts: [WebhookDelivery],
        at time: Timestamp
    ) {
        let error: String?
        switch (standing.failingSince, told) {
        case (let since?, nil) where since.advanced(bySeconds: Self.shortestSeconds) <= time:
            let last = attempts.last { $0.error != nil }
            error = last?.status.map { "status \($0)" } ?? last?.error ?? "unknown"
            failingSince = since
        // Not where it was only disabled meanwhile.
        case (nil, let since?) where attempts.contains { $0.error == nil }:
            error = nil
            failingSince = since
        default:
            return nil
        }
        id = webhook.id
        organizationID = webhook.organizationID
        self.error = error
    }
}
