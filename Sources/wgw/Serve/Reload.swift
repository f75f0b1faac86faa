import DataPlane
import GatewayAPI
import GatewayService
import Logging
import ServiceLifecycle
import UnixSignals

/// Reads again what can be read again whenever SIGHUP says so: certificate and key. Files that cannot
/// be used change nothing.
struct Reload: Service {
    /// Nil for plain HTTP.
    let tls: TLSFiles?
    let sighups: UnixSignalsSequence
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in sighups where !Task.isCancelled { await reload() }
        }
    }

    private func reload() async {
        guard let tls else {
            logger.info("SIGHUP: there is no certificate to be read again, nothing changed")
            return
        }
        do {
            try await WorkerThread.value(named: "wgw-reload") { try tls.reload() }
            logger.info("certificate and key read")
            tls.warn(logger)
        } catch is CancellationError {
            logger.warning("certificate and key not read to their end, stopping")
        } catch {
            logger.error(
                "certificate and key not taken, nothing changed",
                metadata: ["error": "\(error)"]
            )
        }
    }
}

extension TLSFiles {
    /// What an operator has to know of the certificate before its clients do.
    func warn(_ logger: Logger) {
        for warning in warnings(at: .now()) { logger.warning("\(warning)") }
    }
}
