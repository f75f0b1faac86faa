import Glibc
import TestSupport

/// Ends what stands in a folder, and removes it, when the test process has ended: however that came, the
/// kernel closes the pipe that the watchdog reads.
final class Watchdog: Sendable {
    private let writingEnd: Int32

    init(over folder: String) throws {
        let pipe = try Command.pipe()
        defer { close(pipe.reading) }
        writingEnd = pipe.writing
        let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(nowhere) }
        // It outlives this process, and is no child of it when it ends: Swift Testing, which waits for the end of any
        // child, would find that one again and again.
        let start = "exec 3<&0; sh -c \"$1\" watchdog \"$2\" <&3 3<&- &"
        try ChildProcess(
            ["sh", "-c", start, "watchdog", Self.script, folder],
            input: pipe.reading,
            output: nowhere,
            errors: nowhere
        ).wait()
    }

    deinit { close(writingEnd) }

    /// The first line of each file of a process in the folder is the process's number. PostgreSQL ends by
    /// SIGQUIT without a checkpoint.
    private static let script = """
        trap '' INT TERM HUP
        cat
        for file in "$1"/*/postmaster.pid "$1"/*.pid; do
            [ -e "$file" ] || continue
            id=$(head -n 1 "$file")
            kill -QUIT "$id"
            for turn in $(seq 200); do kill -0 "$id" || break; sleep 0.05; done
        done
        rm -rf "$1"
        """
}
