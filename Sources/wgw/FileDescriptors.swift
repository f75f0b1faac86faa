import Glibc

/// Connections and gateways each take descriptors; the usual soft limit of 1 024 is for programs that
/// use select.
enum FileDescriptors {
    /// As many as the system lets this process have. Where it does not, everything else goes on.
    static func raiseLimit() {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(resource, &limit)
    }
}
