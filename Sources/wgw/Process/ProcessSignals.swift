import Glibc
import UnixSignals

/// What signals mean to a process that runs for months. SIGTERM and SIGINT stop it, SIGQUIT and the
/// faults of a program end it with a core dump, SIGTSTP suspends it.
enum ProcessSignals {
    /// By default each of these ends or suspends the process, though none of them asks for that:
    private static let ignored = [
        // a reader of our output, or a client, that goes away;
        SIGPIPE,
        // a log or a database that reaches its limit of size, which the write that fails tells;
        SIGXFSZ,
        // a terminal that lets only programs in its foreground write;
        SIGTTOU,
        // what other daemons use to reopen logs or to show their state;
        SIGUSR1, SIGUSR2,
        // timers and input that we do not use.
        SIGALRM, SIGVTALRM, SIGPROF, SIGIO,
    ]

    /// From here on a SIGHUP is an element of the sequence and does not end the process. Call this before
    /// reading any file, so that a SIGHUP after a change of that file is not lost.
    static func prepare() async -> UnixSignalsSequence {
        for number in ignored { signal(number, SIG_IGN) }
        return await UnixSignalsSequence(trapping: .sighup)
    }
}
