import Glibc

/// Standard input, output and error: what a process may count on to be open.
enum StandardDescriptors {
    /// A number that was closed at the start would be taken by the next socket or database, and
    /// what is meant for a reader would be written into that.
    static func fillGaps() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // The system gives the lowest number that is free, which is this one. Where there is no
            // null device, a folder keeps the place: writing to it fails, which is no harm.
            if open("/dev/null", O_RDWR) < 0 { _ = open("/", O_RDONLY | O_DIRECTORY) }
        }
    }
}
