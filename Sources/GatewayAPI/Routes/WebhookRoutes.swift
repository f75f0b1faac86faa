import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

/// Where events of the caller's organization are sent, for its owners.
struct WebhookRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "webhooks", .listWebhooks, list),
            Endpoint(.post, "webhooks", .createWebhook, create),
            Endpoint(.get, "webhooks/:id", .showWebhook, show),
            Endpoint(.patch, "webhooks/:id", .updateWebhook, update),
            .delete(
                "webhooks/:id",
                .deleteWebhook,
                controlPlane,
                Verb<Webhook>.deleteWebhook(_:if:),
                \.json
            ),
            Endpoint(.post, "webhooks/:id/secret", .rotateWebhookSecret, rotate),
            Endpoint(.post, "webhooks/:id/test", .testWebhook, test),
            Endpoint(.post, "webhooks/:id/retry", .retryWebhook, retry),
            Endpoint(.get, "webhooks/:id/deliveries", .listWebhookDeliveries, deliveries),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let name = try query.filter(WebhookMembers.name)
        return .page(
            try await controlPlane.listWebhooks(name: name, page: page, by: context.caller)
        ) {
            WebhookAnswer($0)
        }
    }

    private func create(_ request: Request, _ context: CallerContext) async throws -> Answer {
        try await controlPlane.answer(request, context, with: Self.disclosing) { body in
            .createWebhook(NewWebhook(body))
        }
    }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: WebhookID = try context.identifier()
        let found = try await controlPlane.showWebhook(id, by: context.caller)
        return .object(found.json, version: found.updatedAt)
    }

    private func update(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: WebhookID = try context.identifier()
        let change = WebhookChange(try await request.jsonObject())
        return .object(
            try await controlPlane.perform(
                .updateWebhook(id, change, if: request.precondition),
                by: context.caller
            ).json
        )
    }

    private func rotate(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: WebhookID = try context.identifier()
        return try await controlPlane.answer(request, context, with: Self.disclosing) { body in
            .rotateWebhookSecret(id, NewWebhookSecret(body))
        }
    }

    private func test(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: WebhookID = try context.identifier()
        return try await controlPlane.answer(request, context, with: { .object($0.json) }) { _ in
            do {
                return try await controlPlane.testWebhook(id, by: context.caller)
            } catch is WebhookTestUnderWay {
                throw Problem(
                    .conflict,
                    .beingProcessed,
                    "A test of this webhook is still under way."
                )
            }
        }
    }

    private func retry(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: WebhookID = try context.identifier()
        return try await controlPlane.answer(request, context, with: { .object($0.json) }) { _ in
            .retryWebhook(id)
        }
    }

    private func deliveries(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: WebhookID = try context.identifier()
        return .list(
            try await controlPlane.webhookDeliveries(of: id, by: context.caller).map(\.json)
        )
    }

    private static let disclosing: @Sendable (WebhookWithSecret) -> Answer = {
        .object(WebhookAnswer($0.webhook, secret: $0.secret.text).json)
    }
}
