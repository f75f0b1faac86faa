import GatewayAPI
import Logging
import ServiceLifecycle
import UnixSignals

/// Reads certificate and key again whenever SIGHUP says so. Files that cannot be used change
/// nothing.
struct TLSReload: Service {
    let files: TLSFiles
    let hangups: UnixSignalsSequence
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in hangups {
                do {
                    try files.reload()
                    logger.info("certificate and key read")
                } catch {
                    logger.error(
                        "certificate and key not taken, nothing changed",
                        metadata: ["error": "\(error)"]
                    )
                }
            }
        }
    }
}
