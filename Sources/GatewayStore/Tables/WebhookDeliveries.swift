package import GatewayDomain

/// Every statement about the attempts to deliver to a webhook, of which the latest are remembered.
package enum WebhookDeliveries {
    package static func append(
        _ deliveries: [WebhookDelivery],
        of webhook: WebhookID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        let kept = deliveries.suffix(WebhookDelivery.mostRemembered)
        guard !kept.isEmpty else { return }
        var number = Int64(
            try db.number(
                """
                SELECT coalesce(max(number), 0) AS value FROM webhook_delivery
                WHERE webhook_id = \(webhook)
                """
            )
        )
        for delivery in kept {
            number += 1
            try db.send(
                """
                INSERT INTO webhook_delivery (webhook_id, number, event_id, type, attempted_at,
                    milliseconds, status, error)
                VALUES (\(webhook), \(number), \(delivery.eventID), \(delivery.type),
                    \(delivery.attemptedAt), \(delivery.milliseconds), \(delivery.status),
                    \(delivery.error))
                """
            )
        }
        try db.execute(
            """
            DELETE FROM webhook_delivery WHERE webhook_id = \(webhook)
                AND number <= \(number - Int64(WebhookDelivery.mostRemembered))
            """
        )
    }

    /// The latest first.
    package static func all(
        of webhook: WebhookID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [WebhookDelivery] {
        try db.readable(
            """
            SELECT number, event_id, type, attempted_at, milliseconds, status, error
            FROM webhook_delivery WHERE webhook_id = \(webhook) ORDER BY number DESC
            """,
            in: "webhook_delivery",
            id: "number"
        ) { row throws(StoreError) in
            WebhookDelivery(
                eventID: try row.value("event_id"),
                type: try row.value("type"),
                attemptedAt: try row.value("attempted_at"),
                milliseconds: try row.value("milliseconds"),
                status: try row.optional("status"),
                error: try row.optional("error")
            )
        }
    }
}
