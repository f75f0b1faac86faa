import GatewayDomain
import GatewayService
import Logging
import ServiceLifecycle
import Synchronization

/// Sends webhooks what happens.
struct WebhookService: Service {
    let controlPlane: ControlPlane
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            let last = Mutex("")
            await controlPlane.followWebhooks { error in
                // `StorageWatch` logs trouble of the store, and its end.
                if error is CancellationError { return }
                if case ServiceError.storageUnavailable = error { return }
                let isNews = last.withLock { last in
                    defer { last = "\(error)" }
                    return last != "\(error)"
                }
                guard isNews else { return }
                logger.error("could not work for webhooks", metadata: ["error": "\(error)"])
            }
        }
    }
}

extension WebhookNotice {
    func log(_ logger: Logger) {
        var metadata: Logger.Metadata = [
            "webhook": "\(id)", "organization": "\(organizationID)",
            "failing_since": "\(failingSince)",
        ]
        guard let error else {
            logger.notice("a webhook works again", metadata: metadata)
            return
        }
        metadata["error"] = "\(error)"
        logger.warning("a webhook fails", metadata: metadata)
    }
}
