import GatewayDomain
import GatewayService
import HTTPEdge
import Logging
import ServiceLifecycle
import SystemIO
import UnixSignals

/// Reads certificate and key again at each SIGHUP. Files that cannot be used change nothing.
struct Reload: Service {
    /// Nil for plain HTTP.
    let tls: TLSFiles?
    /// Is called when clients are shown another certificate, before the log says so.
    let onChange: @Sendable () -> Void
    let sighups: UnixSignalsSequence
    let supervision: Supervision
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in sighups where !Task.isCancelled {
                supervision.tell(.reloading)
                let status = await reload()
                supervision.tell(.ready(status: status))
            }
        }
    }

    /// How it went, for a person who asks the service manager.
    private func reload() async -> String {
        guard let tls else {
            logger.info("SIGHUP: there is no certificate to be read again, nothing changed")
            return "There was no certificate to be read again."
        }
        do {
            try await WorkerThread.value(named: "wgw-reload") {
                try tls.reload()
                onChange()
            }
            logger.info("certificate and key read")
            tls.warn(logger)
            return "Certificate and key were read again."
        } catch is CancellationError {
            logger.warning("certificate and key not read to their end, stopping")
        } catch {
            logger.error(
                "certificate and key not taken, nothing changed",
                metadata: ["error": "\(error)"]
            )
        }
        return "Certificate and key were not taken; those from before are in use."
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
