import CommandLineProgram
import GatewayClient
import Glibc
import JSON
import Logging
import Synchronization

/// What a server leaves in its data directory while it runs, so that the commands of this machine find it without
/// being told where it is. It holds no secret. Its lock says that the server runs, and goes with the process
/// however that ends.
final class RunningServerFile: Sendable {
    private struct Written {
        let url: ServerURL
        let apiKeyFile: String?
        /// A descriptor that holds the file's lock; nil where the file could not be written.
        var lock: Int32?
    }

    private let path: String
    /// Of the certificate that clients are shown now; nil for plain HTTP.
    private let fingerprint: @Sendable () -> CertificateFingerprint?
    private let logger: Logger
    private let written = Mutex<Written?>(nil)

    init(
        directory: String,
        fingerprint: @escaping @Sendable () -> CertificateFingerprint?,
        logger: Logger
    ) {
        path = LocalServer.path(in: directory)
        self.fingerprint = fingerprint
        self.logger = logger
    }

    func write(url: ServerURL, apiKeyFile: String?) {
        written.withLock { written in
            var next = Written(url: url, apiKeyFile: apiKeyFile, lock: written?.lock)
            put(&next)
            written = next
        }
    }

    /// Where the server has another certificate. Before the first `write` there is nothing to be followed: the
    /// fingerprint is asked for under the same lock.
    func followCertificate() {
        written.withLock { written in
            guard var next = written else { return }
            put(&next)
            written = next
        }
    }

    /// The server does not need it: without it, commands have to be given a URL.
    private func put(_ next: inout Written) {
        let record = LocalServer.Record(
            url: next.url,
            fingerprint: fingerprint(),
            apiKeyFile: next.apiKeyFile
        )
        do throws(CommandFailure) {
            let draft = try DraftFile(path, replacing: true)
            try draft.write(Array((record.json.encoded + "\n").utf8))
            try draft.publish()
            // That of the file which is replaced is given up after there is another one.
            let old = next.lock
            next.lock = draft.takeLock()
            if let old { close(old) }
        } catch {
            logger.warning("commands will not find this server", metadata: ["reason": "\(error)"])
        }
    }

    func remove() { unlink(path) }
}
