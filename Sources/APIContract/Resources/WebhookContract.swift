package import GatewayDomain
package import JSON
import OpenAPI

extension NewWebhook: APIRequest {
    package static let contract = RequestContract<NewWebhook>(
        "NewWebhook",
        "A request to make a webhook, which is sent events as they happen.",
        [
            .required(WebhookMembers.name, \.name),
            .required(WebhookMembers.url, \.url),
            .required(WebhookMembers.requestedEvents, \.events),
            .optional(WebhookMembers.isEnabled, \.isEnabled),
        ]
    )
}

extension WebhookChange: APIRequest {
    package static let contract = RequestContract<WebhookChange>(
        "WebhookChange",
        "A request to change a webhook.",
        [
            .optional(WebhookMembers.name, \.name),
            .optional(WebhookMembers.url, \.url),
            .optional(WebhookMembers.requestedEvents, \.events),
            .optional(WebhookMembers.isEnabled, \.isEnabled),
        ]
    )
}

extension NewWebhookSecret: APIRequest {
    package static let contract = RequestContract<NewWebhookSecret>(
        "NewWebhookSecret",
        "A request to give a webhook another secret.",
        [
            .optional(
                Member(
                    "old_expires_in",
                    Codec<Int>.integer(in: 0...604_800),
                    """
                    For how many seconds events are signed with the secret until now as well; a day where nothing is \
                    said, and 0 where the secret may have become known.
                    """
                ),
                \.oldExpiresIn
            )
        ]
    )
}

extension NewWebhookTest: APIRequest {
    package static let contract = RequestContract<NewWebhookTest>(
        "NewWebhookTest",
        "A request to send a test event to a webhook, for which an empty object is sent.",
        []
    )
}

extension NewWebhookRetry: APIRequest {
    package static let contract = RequestContract<NewWebhookRetry>(
        "NewWebhookRetry",
        "A request to send at once what waits for a webhook, for which an empty object is sent.",
        []
    )
}

/// A webhook as one answer shows it. Only the answer that makes its secret has that.
package struct WebhookAnswer: Sendable {
    package let webhook: Webhook
    package let secret: String?

    package init(_ webhook: Webhook, secret: String? = nil) {
        self.webhook = webhook
        self.secret = secret
    }
}

extension WebhookAnswer: APIObject {
    package static let contract = AnswerContract(
        "Webhook",
        "Where a server of the organization's own is told of events, and how that goes.",
        WebhookMembers()
    )
}

extension Webhook {
    /// Without its secret.
    package var json: JSONValue { WebhookAnswer(self).json }
}

package struct WebhookMembers: AnswerMembers {
    package static let name = Member.name(of: "webhook")
    static let url = Member(
        "url",
        Codec<WebhookURL>.webhookURL,
        """
        The URL that events are sent to, which begins with `https://`. Its addresses must be of the Internet, or allowed \
        by the operator (`--webhook-allow`); to these, `http://` is taken as well.
        """
    )
    /// Asked for and shown with different types of elements.
    private static let events = "events"
    private static let event = "One kind of events, or several of them."
    private static let form =
        "* or the kind of an object, a dot and an action or *, like wireguard_peer.connected"
    static let requestedEvents = Member(
        events,
        Codec<[Field<EventPattern>]>.fields(
            of: .parsed(form, example: "wireguard_peer.connected"),
            event
        ),
        """
        The events that are sent: types of the journal's entries, such as `wireguard_interface.updated`; \
        `wireguard_peer.connected`, when a peer begins a session that had none, and `wireguard_peer.silent`, when its last \
        handshake was 180 seconds ago; `wireguard_peer.*` for all of a kind of object, and `*` for all.
        """
    )
    static let shownEvents = Member(
        events,
        Codec<[EventPattern]>.array(
            of: .parsed(form, example: "wireguard_peer.connected"),
            event
        ),
        "The events that are sent, by type, where `*` stands for every action or for every event."
    )
    static let isEnabled = Member(
        "enabled",
        Codec<Bool>.bool,
        """
        Whether events are sent. What happens while they are not is not sent later, and disabling gives up what \
        waits to be sent again.
        """
    )

    package typealias Object = WebhookAnswer

    package let id = AnswerMember(.id(of: "webhook"), \WebhookAnswer.webhook.id)
    package let recordType = AnswerMember<WebhookAnswer, String>(recordType: "webhook")
    package let organizationID = AnswerMember(
        Member(
            "organization_id",
            Codec<OrganizationID>.id(),
            "The id of the organization whose events are sent."
        ),
        \WebhookAnswer.webhook.organizationID
    )
    package let name = AnswerMember(WebhookMembers.name, \WebhookAnswer.webhook.name)
    package let url = AnswerMember(WebhookMembers.url, \WebhookAnswer.webhook.url)
    package let events = AnswerMember(WebhookMembers.shownEvents, \WebhookAnswer.webhook.events)
    package let isEnabled = AnswerMember(
        WebhookMembers.isEnabled,
        \WebhookAnswer.webhook.isEnabled
    )
    package let secret = AnswerMember(
        disclosed: Member(
            "secret",
            Codec<String>.text,
            """
            The secret that events are signed with, which stands in the answer that makes it and in no other.
            """
        ),
        \WebhookAnswer.secret
    )
    package let state = AnswerMember(
        word: Member(
            "state",
            Codec<WebhookState>.word,
            """
            How the webhook goes: `failing` where the latest attempt to deliver has failed, `delayed` where it has not and events \
            wait all the same, because an attempt to send one of them has failed or for a minute and longer, `disabled` or `working`.
            """
        ),
        \WebhookAnswer.webhook.state
    )
    package let lastDeliveredAt = AnswerMember(
        nullable: Member(
            "last_delivered_at",
            Codec<Timestamp>.time,
            "The time of the latest attempt that delivered an event, or null if there was none."
        ),
        \WebhookAnswer.webhook.standing.lastDeliveredAt
    )
    package let failingSince = AnswerMember(
        nullable: Member(
            "failing_since",
            Codec<Timestamp>.time,
            "The time since which every attempt to deliver has failed, or null if the latest one did not."
        ),
        \WebhookAnswer.webhook.standing.failingSince
    )
    package let lastError = AnswerMember(
        nullable: Member(
            "last_error",
            Codec<String>.text,
            "Why the latest failed attempt has failed, or null if none has."
        ),
        \WebhookAnswer.webhook.standing.lastError
    )
    package let pendingCount = AnswerMember(
        Member(
            "pending_events",
            Codec<Int>.count,
            """
            The number of events that wait to be sent, for the first time or again, in the journal too: of the next 10 000 \
            entries of the organization there. Events of one object wait for the first of them that failed.
            """
        ),
        \WebhookAnswer.webhook.backlog.count
    )
    package let pendingSince = AnswerMember(
        nullable: Member(
            "pending_since",
            Codec<Timestamp>.time,
            "The time at which the first of the events that wait has happened, or null if none waits."
        ),
        \WebhookAnswer.webhook.backlog.since
    )
    package let droppedCount = AnswerMember(
        Member(
            "dropped_events",
            Codec<Int>.count,
            "The number of events that were given up, after a day of failed attempts or for lack of room."
        ),
        \WebhookAnswer.webhook.standing.droppedCount
    )
    package let skippedCount = AnswerMember(
        Member(
            "skipped_events",
            Codec<Int>.count,
            """
            The number of events that were never tried, as the journal had let go of them before there was room for them \
            among those that wait (`--event-days` of the server).
            """
        ),
        \WebhookAnswer.webhook.standing.skippedCount
    )
    package let createdAt = AnswerMember(
        .createdAt(of: "webhook"),
        \WebhookAnswer.webhook.createdAt
    )
    package let updatedAt = AnswerMember(
        .updatedAt(of: "webhook"),
        \WebhookAnswer.webhook.updatedAt
    )
}

extension Codec<WebhookURL> {
    fileprivate static var webhookURL: Codec {
        .string(
            {
                .string(
                    $0,
                    length: 1...WebhookURL.maximumLength,
                    example: "https://example.com/wgw"
                )
            },
            write: \.description
        ) { (text) throws(FieldProblem.Reason) in
            do throws(WebhookURL.Flaw) {
                return try WebhookURL(text)
            } catch {
                switch error {
                case .malformed: throw .invalid("must be a URL like https://example.com/wgw")
                case .scheme: throw .invalid("must begin with https:// or http://")
                case .userInfo:
                    throw .invalid(
                        "must have no user name or password; the signature proves who sends"
                    )
                case .fragment: throw .invalid("must have no # and nothing behind it")
                case .tooLong: throw .tooLong(maximum: WebhookURL.maximumLength)
                }
            }
        }
    }
}
