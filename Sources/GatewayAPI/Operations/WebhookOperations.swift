import APIContract
import GatewayDomain

extension Operation {
    static let listWebhooks = Operation.list(
        "listWebhooks",
        "List the webhooks of the organization.",
        "Lists the webhooks of the caller's organization, oldest first, and how they go.",
        for: .unrestricted(.owner),
        of: "Webhook",
        [.nameFilter(WebhookMembers.name, of: "webhooks")]
    )

    static let createWebhook = Operation.create(
        "createWebhook",
        "Make a webhook and show its secret once.",
        """
        Makes a webhook, which is sent by POST what happens from now on. Each event has an id in the header \
        `webhook-id`, and may come several times with the same one. The headers `webhook-timestamp` and \
        `webhook-signature` prove who sends it, in the form of standardwebhooks.com: the signature is `v1,` and the \
        base64 of HMAC-SHA256 over id, timestamp and body with dots between them. An answer with a status from 200 to \
        299 within 10 seconds is a delivery. Otherwise it is tried again for a day, with pauses from 5 seconds to an hour; later \
        events of the same object wait meanwhile. Redirects are not followed. Events of `organization` and `node` \
        are for admins.
        """,
        for: .unrestricted(.owner),
        "NewWebhook",
        "Webhook"
    )

    static let showWebhook = Operation.show(
        "showWebhook",
        "Show one webhook by its id.",
        "Shows a webhook: what it is sent, where, and how that goes, without its secret.",
        for: .unrestricted(.owner),
        "Webhook"
    )

    static let updateWebhook = Operation.change(
        "updateWebhook",
        "Change a webhook, or disable it.",
        """
        Changes the members that the body has and leaves the others. With another URL, events that wait are sent \
        there at once. With other `events`, what it did not ask for before is sent from then on, and what waits in \
        the journal as far as they want it still. A webhook that is disabled and enabled again is sent what happens \
        from then on.
        """,
        for: .unrestricted(.owner),
        "WebhookChange",
        "Webhook"
    )

    static let deleteWebhook = Operation.delete(
        "deleteWebhook",
        "Delete a webhook for good.",
        "Deletes a webhook with the events that wait to be sent. An attempt that is under way may still end.",
        for: .unrestricted(.owner),
        "Webhook"
    )

    static let rotateWebhookSecret = Operation.create(
        "rotateWebhookSecret",
        "Give a webhook another secret and show it once.",
        """
        Makes another secret of a webhook. The one until now is signed with as well for a day, or as long as \
        `old_expires_in` says: the header `webhook-signature` has two signatures then, with a blank between them.
        """,
        for: .unrestricted(.owner),
        "NewWebhookSecret",
        "Webhook"
    )

    static let testWebhook = Operation(
        id: "testWebhook",
        summary: "Send a test event to a webhook.",
        about: """
            Sends an event of the type `webhook.test` at once, also to a webhook that is disabled, and answers what the \
            target has said. It is tried once.
            """,
        access: .unrestricted(.owner),
        body: "NewWebhookTest",
        answer: "How the attempt has ended, whether the event was delivered or not.",
        result: .object("WebhookDelivery")
    )

    static let retryWebhook = Operation(
        id: "retryWebhook",
        summary: "Send what waits for a webhook at once.",
        about: """
            Makes due what waits to be sent again, and what was not tried because the target had failed, without a wait for \
            the next of the pauses, which last up to an hour. A webhook that is disabled stays as it is.
            """,
        access: .unrestricted(.owner),
        body: "NewWebhookRetry",
        answer: "The webhook, with what waits; attempts begin within a second or two.",
        result: .object("Webhook")
    )

    static let listWebhookDeliveries = Operation(
        id: "listWebhookDeliveries",
        summary: "List the latest attempts to deliver to a webhook.",
        about:
            "Lists the latest 50 attempts to deliver an event to a webhook, the latest first, those of tests among them.",
        access: .unrestricted(.owner),
        answer: "The attempts, as far as they are remembered.",
        result: .list("WebhookDelivery")
    )
}
