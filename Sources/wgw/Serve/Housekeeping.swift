import GatewayDomain
import GatewayService
import Logging
import ServiceLifecycle

/// Discards now and then what is not kept any longer.
struct Housekeeping: Service {
    private static let interval = Duration.seconds(60)

    let discardExpired: DiscardExpired
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await discardExpired()
                } catch ServiceError.storageUnavailable {
                    // `StorageWatch` says so, and when it is over.
                } catch is CancellationError {
                    // The server stops; what is left is discarded after the next start.
                } catch {
                    logger.error("could not discard", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }
}
