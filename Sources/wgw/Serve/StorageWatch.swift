import GatewayDomain
import GatewayStore
import Logging
import ServiceLifecycle

/// Looks every second whether changes can be stored, and logs when they no longer can and when they can
/// again.
struct StorageWatch: Service {
    private static let interval = Duration.seconds(1)

    let store: Store
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var known: StorageTrouble?
            while !Task.isCancelled {
                // First the trouble that a write has met since the last look, which may be over by now.
                for trouble in [store.trouble, await store.lookAfter()] where trouble != known {
                    report(trouble)
                    known = trouble
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    private func report(_ trouble: StorageTrouble?) {
        if let trouble {
            logger.error(
                "changes cannot be stored and are refused",
                metadata: ["reason": "\(trouble)"]
            )
        } else {
            logger.notice("changes can be stored again")
        }
    }
}
