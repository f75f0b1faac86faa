import GatewayDomain
import GatewayStore
import Logging
import ServiceLifecycle

/// Sees every second whether changes can be stored, and says when that begins and ceases to be so.
struct StorageWatch: Service {
    private static let interval = Duration.seconds(1)

    let store: Store
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var known: StorageTrouble?
            while !Task.isCancelled {
                // The first is what was noticed since the last look, which may be over now.
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
