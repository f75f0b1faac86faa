/// What one attempt to deliver an event sends, by POST.
package struct WebhookRequest: Sendable {
    package let url: WebhookURL
    package let headers: [(name: String, value: String)]
    package let body: String

    package init(url: WebhookURL, headers: [(name: String, value: String)], body: String) {
        self.url = url
        self.headers = headers
        self.body = body
    }
}

package enum WebhookReply: Equatable, Sendable {
    /// - Parameter text: the begin of what was answered, which only people read.
    case status(Int, text: String)
    /// None came, for this reason.
    case none(String)
}
