import Glibc

/// How many files this process may have open (`RLIMIT_NOFILE`).
package enum OpenFileLimit {
    /// Standard streams, Dispatch's four, a file and a socket, and some to spare.
    private static let fewest = 16

    /// Whether any command can run.
    static func check(_ limit: Int) throws(TooFewFileDescriptors) {
        guard limit >= fewest else { throw TooFewFileDescriptors(limit: limit, needed: fewest) }
    }

    /// As many as the system lets this process have: the usual soft limit of 1 024 is for programs
    /// that use select. Where the system refuses, the limit stays as it is, and is returned.
    @discardableResult
    package static func raise() -> Int {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return Int(FD_SETSIZE) }
        var raised = limit
        raised.rlim_cur = limit.rlim_max
        if setrlimit(resource, &raised) == 0 { limit = raised }
        return Int(clamping: limit.rlim_cur)
    }
}

package struct TooFewFileDescriptors: Error, Equatable, CustomStringConvertible {
    package let limit: Int
    package let needed: Int

    package init(limit: Int, needed: Int) {
        self.limit = limit
        self.needed = needed
    }

    package var description: String {
        """
        this process may have \(limit) files open and needs \(needed) at least; raise the limit \
        (ulimit -n, LimitNOFILE= of a systemd service, --ulimit nofile= of a container)
        """
    }
}
