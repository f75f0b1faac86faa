import Glibc

/// What started this process, which decides how it is given a right.
package enum ProgramPlace: Equatable, Sendable {
    case service
    case container
    case other

    package static var current: ProgramPlace {
        if value("SYSTEMD_EXEC_PID") == "\(getpid())" { return .service }
        // Docker, Podman, and what systemd-nspawn and others set.
        let isInContainer =
            access("/.dockerenv", F_OK) == 0 || access("/run/.containerenv", F_OK) == 0
            || value("container") != nil
        return isInContainer ? .container : .other
    }

    private static func value(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
