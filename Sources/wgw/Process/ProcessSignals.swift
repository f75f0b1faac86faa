import Glibc
import UnixSignals

/// What signals mean to a process that runs for months. SIGTERM and SIGINT stop it, SIGQUIT and the
/// faults of a program end it with a core dump, SIGTSTP suspends it.
enum ProcessSignals {
    /// Each would end or suspend the process, and none of them says that it should end:
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

    /// From here on SIGHUP ends the process no more: it is an element of the sequence. It is trapped
    /// before any file is read, so that no later version of one is missed.
    static func prepare() async -> UnixSignalsSequence {
        for number in ignored { signal(number, SIG_IGN) }
        return await UnixSignalsSequence(trapping: .sighup)
    }
}
