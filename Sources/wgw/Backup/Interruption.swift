import CommandLineProgram
import Glibc
import Synchronization

/// Lets a command that writes files be stopped between two pieces, so that it can take back what it wrote.
enum Interruption {
    private static let isAsked = Atomic(false)

    /// From here on SIGINT, SIGTERM and SIGHUP no longer end the process.
    static func prepare() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { _ in Interruption.isAsked.store(true, ordering: .relaxed) }
        }
    }

    static func check() throws(CommandFailure) {
        guard !isAsked.load(ordering: .relaxed) else {
            throw CommandFailure("the command was interrupted, and has left nothing behind")
        }
    }
}
