import DataPlane
import GatewayDomain
import GatewayService
import HTTPEdge
import Logging
import ServiceLifecycle
import UnixSignals

/// Reads certificate and key again at each SIGHUP. Files that cannot be used change nothing.
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
    /// Logs what clients would refuse the certificate for, now or soon.
    func warn(_ logger: Logger) {
        let now = Timestamp.now()
        for (index, validity) in validities.enumerated() {
            guard let warning = validity.warning(at: now) else { continue }
            logger.warning("certificate \(index + 1) of \(certificatePath) \(warning)")
        }
    }
}
