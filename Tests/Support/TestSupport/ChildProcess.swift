package import Glibc

/// A program that was started, found through PATH. Foundation's `Process` learns of an end by a
/// descriptor that later children inherit, so it waits for them too; this one asks the kernel.
package final class ChildProcess {
    package let id: pid_t
    private var status: Int32?

    /// The descriptors become the child's standard input, output and error.
    package init(_ words: [String], input: Int32, output: Int32, errors: Int32) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        Self.resetSignals(of: &attributes)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        var child: pid_t = 0
        let failure = posix_spawnp(&child, words[0], &actions, &attributes, &arguments, environ)
        guard failure == 0 else {
            throw Command.Failure(
                description: "cannot start \(words[0]): \(String(cString: strerror(failure)))"
            )
        }
        id = child
    }

    package var isRunning: Bool { poll(WNOHANG) == nil }

    package func send(_ signal: Int32) {
        if isRunning { kill(id, signal) }
    }

    /// Its exit status, or minus the signal that ended it.
    @discardableResult
    package func wait() -> Int32 {
        while true {
            if let status = poll(0) { return status }
        }
    }

    /// Threads of the concurrency runtime block signals, tests and libraries ignore some, and children
    /// would inherit both.
    private static func resetSignals(of attributes: inout posix_spawnattr_t) {
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
        )
    }

    private func poll(_ options: Int32) -> Int32? {
        if let status { return status }
        var word: Int32 = 0
        guard waitpid(id, &word, options) == id else { return nil }
        let signal = word & 0x7f
        status = signal == 0 ? (word >> 8) & 0xff : -signal
        return status
    }
}
