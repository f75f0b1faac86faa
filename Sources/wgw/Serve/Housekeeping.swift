import GatewayDomain
import GatewayService
import Logging
import ServiceLifecycle

/// Deletes expired rows once a minute.
struct Housekeeping: Service {
    private static let interval = Duration.seconds(60)

    let controlPlane: ControlPlane
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await controlPlane.discardExpired()
                } catch ServiceError.storageUnavailable {
                    // `StorageWatch` logs this, and its end.
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
