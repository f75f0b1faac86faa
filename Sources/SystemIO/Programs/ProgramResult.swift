import CLinux
import Glibc

/// What a program of the system did that was run to its end.
package struct ProgramResult: Sendable {
    /// Its exit status, or minus the signal that ended it.
    package let status: Int32
    package let output: [UInt8]
    package let errors: [UInt8]

    /// Runs the first of `places` that exists and waits for its end, at most ten seconds. It inherits no
    /// descriptor, and of the environment PATH and the language only. Its input and output are files in
    /// memory, so neither waits for the other; more output than `limit` is an error.
    package static func of(
        _ places: [String],
        _ arguments: [String],
        input: [UInt8] = [],
        limit: Int = 1 << 20
    ) throws(ProgramError) -> ProgramResult {
        guard let path = places.first(where: { access($0, X_OK) == 0 }) else { throw .notFound }
        let files = [try MemoryFile(), try MemoryFile(), try MemoryFile()]
        try files[0].write(input)
        let child = try spawn(path, arguments, files)
        let status = try wait(for: child)
        return ProgramResult(
            status: status,
            output: try files[1].read(atMost: limit),
            errors: try files[2].read(atMost: limit)
        )
    }

    private static let maximumSeconds = 10
    private static let environment = [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C",
    ]

    private static func spawn(
        _ path: String,
        _ arguments: [String],
        _ files: [MemoryFile]
    ) throws(ProgramError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, file) in files.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, file.descriptor, Int32(number))
        }
        clinux_spawn_closing_from(&actions, 3)

        // Threads of this program block signals and ignore some, and children would inherit both.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var words = ([path] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var child: pid_t = 0
        let failure = posix_spawn(&child, path, &actions, &attributes, &words, &variables)
        guard failure == 0 else {
            throw .failed("\(path) cannot be started: \(String(cString: strerror(failure)))")
        }
        return child
    }

    private static func wait(for child: pid_t) throws(ProgramError) -> Int32 {
        var word: Int32 = 0
        // Two milliseconds each: such programs take some ten.
        for _ in 0..<(maximumSeconds * 500) {
            let ended = waitpid(child, &word, WNOHANG)
            if ended == child { return status(word) }
            guard ended == 0 || errno == EINTR else { break }
            usleep(2000)
        }
        kill(child, SIGKILL)
        waitpid(child, &word, 0)
        throw .failed("it did not end within \(maximumSeconds) seconds")
    }

    private static func status(_ word: Int32) -> Int32 {
        let signal = word & 0x7f
        return signal == 0 ? (word >> 8) & 0xff : -signal
    }
}

package enum ProgramError: Error, Equatable {
    case notFound
    case failed(String)
}

/// A file without a name, which goes with its object.
private final class MemoryFile {
    let descriptor: Int32

    init() throws(ProgramError) {
        descriptor = clinux_memory_file()
        guard descriptor >= 0 else {
            throw .failed("there is no memory file: \(String(cString: strerror(-descriptor)))")
        }
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) throws(ProgramError) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { throw .failed("its input cannot be kept") }
            written += count
        }
        lseek(descriptor, 0, SEEK_SET)
    }

    func read(atMost limit: Int) throws(ProgramError) -> [UInt8] {
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard (0...limit).contains(size) else { throw .failed("it said more than \(limit) bytes") }
        lseek(descriptor, 0, SEEK_SET)
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = max(0, Glibc.read(descriptor, buffer.baseAddress, size))
        }
    }
}
