import Glibc

/// Standard input, output and error: what a process may count on to be open.
package enum StandardDescriptors {
    /// A number that was closed at the start would be taken by the next socket or database, and
    /// what is meant for a reader would be written into that.
    package static func fillGaps() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // The system gives the lowest free number, which is this one. Without a null device a
            // directory takes the place: writing to it fails, and nothing else happens.
            if open("/dev/null", O_RDWR) < 0 { _ = open("/", O_RDONLY | O_DIRECTORY) }
        }
    }
}
