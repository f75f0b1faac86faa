package import GatewayDomain

/// What webhooks need from outside: the text of an event, and the way to the target.
package struct WebhookPorts: Sendable {
    /// The JSON of a message.
    package let text: @Sendable (WebhookMessage) -> String
    /// Sends one request, and follows no redirect. Takes some seconds at most.
    package let send: @Sendable (WebhookRequest) async -> WebhookReply

    package init(
        text: @escaping @Sendable (WebhookMessage) -> String,
        send: @escaping @Sendable (WebhookRequest) async -> WebhookReply
    ) {
        self.text = text
        self.send = send
    }

    /// Nothing is sent, as nothing can be.
    package static let closed = WebhookPorts(text: { _ in "{}" }, send: { _ in .none("is closed") })
}
