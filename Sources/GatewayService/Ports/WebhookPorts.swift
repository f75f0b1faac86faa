package import GatewayDomain

/// What webhooks need from outside: the text of an event, the way to the target, and who hears of failures.
package struct WebhookPorts: Sendable {
    /// The JSON of a message.
    package let text: @Sendable (WebhookMessage) -> String
    /// Sends one request, and follows no redirect. Takes some seconds at most.
    package let send: @Sendable (WebhookRequest) async -> WebhookReply
    /// Writes into the server's log.
    package let tell: @Sendable (WebhookNotice) -> Void

    package init(
        text: @escaping @Sendable (WebhookMessage) -> String,
        send: @escaping @Sendable (WebhookRequest) async -> WebhookReply,
        tell: @escaping @Sendable (WebhookNotice) -> Void = { _ in }
    ) {
        self.text = text
        self.send = send
        self.tell = tell
    }

    /// Nothing is sent, as nothing can be.
    package static let closed = WebhookPorts(text: { _ in "{}" }, send: { _ in .none("is closed") })
}
