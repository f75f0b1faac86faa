package import GatewayDomain
import GatewayStore

extension ControlPlane {
    package func listWebhooks(
        name: String?,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<Webhook> {
        try caller.require(.unrestricted(.owner))
        let time = now()
        return try await store.read { db in
            let found = try Webhooks.list(name: name, of: caller.organizationID, page: page, db)
            return PageOf(
                elements: try found.elements.map {
                    try $0.withBacklog(from: webhookDesk.place(of: $0.id), at: time, db)
                },
                page: found.page,
                totalResults: found.totalResults
            )
        }
    }

    package func showWebhook(_ id: WebhookID, by caller: Caller) async throws -> Webhook {
        try caller.require(.unrestricted(.owner))
        let time = now()
        let found = try await store.read { db in
            try Webhooks.find(id, of: caller.organizationID, db)?
                .withBacklog(from: webhookDesk.place(of: id), at: time, db)
        }
        guard let found else { throw ServiceError.notFound }
        return found
    }

    /// The latest attempts to deliver, the latest first.
    package func webhookDeliveries(
        of id: WebhookID,
        by caller: Caller
    ) async throws -> [WebhookDelivery] {
        let webhook = try await showWebhook(id, by: caller)
        return try await store.read { db in try WebhookDeliveries.all(of: webhook.id, db) }
    }
}
