import APIContract
import GatewayDomain
import GatewayService
import Synchronization

/// What a webhook is sent to, in memory.
final class WebhookTarget: Sendable {
    private struct State {
        var requests: [WebhookRequest] = []
        var notices: [WebhookNotice] = []
        var answers: @Sendable (WebhookRequest) -> WebhookReply = { _ in .status(204, text: "") }
    }

    private let state = Mutex(State())

    var ports: WebhookPorts {
        WebhookPorts(
            text: \.text,
            send: { [self] request in
                let answers = state.withLock { state in
                    state.requests.append(request)
                    return state.answers
                }
                return answers(request)
            },
            tell: { [self] notice in state.withLock { $0.notices.append(notice) } }
        )
    }

    func answer(_ answers: @escaping @Sendable (WebhookRequest) -> WebhookReply) {
        state.withLock { $0.answers = answers }
    }

    /// What the operator was told since the last look.
    func takeNotices() -> [WebhookNotice] {
        state.withLock { state in
            defer { state.notices = [] }
            return state.notices
        }
    }

    /// What was sent since the last look.
    func takeRequests() -> [WebhookRequest] {
        state.withLock { state in
            defer { state.requests = [] }
            return state.requests
        }
    }
}

extension WebhookRequest {
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    var eventID: String { header("webhook-id") ?? "" }

    /// Of a member of the body that is a text.
    func text(_ member: String) -> String {
        let begin = "\"\(member)\":\""
        guard let start = body.ranges(of: begin).first?.upperBound else { return "" }
        return String(body[start...].prefix { $0 != "\"" })
    }

    var type: String { text("type") }
}
