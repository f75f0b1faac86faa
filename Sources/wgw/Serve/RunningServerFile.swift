import CommandLineProgram
import JSON
import Logging

/// What a server leaves in its data directory while it runs, so that the commands of this machine find it without
/// being told where it is. It holds no secret.
struct RunningServerFile {
    private let file: PrivateFile

    init(directory: String) {
        file = PrivateFile(LocalServer.path(in: directory), holding: "the place of a server")
    }

    /// The server does not need it: without it, commands have to be given a URL.
    func write(_ record: LocalServer.Record, logger: Logger) {
        do throws(CommandFailure) {
            try file.write(record.json.encoded + "\n")
        } catch {
            logger.warning("commands will not find this server", metadata: ["reason": "\(error)"])
        }
    }

    func remove() { file.remove() }
}
