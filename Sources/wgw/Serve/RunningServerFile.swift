import CommandLineProgram
import Glibc
import JSON
import Logging

/// What a server leaves in its data directory while it runs, so that the commands of this machine find it without
/// being told where it is. It holds no secret. Its lock says that the server runs, and goes with the process
/// however that ends.
struct RunningServerFile {
    private let path: String

    init(directory: String) {
        path = LocalServer.path(in: directory)
    }

    /// The server does not need it: without it, commands have to be given a URL.
    func write(_ record: LocalServer.Record, logger: Logger) {
        do throws(CommandFailure) {
            let draft = try DraftFile(path, replacing: true)
            try draft.write(Array((record.json.encoded + "\n").utf8))
            try draft.publish()
            draft.keepLock()
        } catch {
            logger.warning("commands will not find this server", metadata: ["reason": "\(error)"])
        }
    }

    func remove() { unlink(path) }
}
