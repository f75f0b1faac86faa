import Glibc

/// What a process has used so far, from `/proc`.
package struct GatewayUsage: Sendable {
    package let userSeconds: Double
    package let systemSeconds: Double
    /// The scheduler's own account over all threads, exact where the other two are of ticks.
    package let totalSeconds: Double
    package let residentBytes: Int

    package init(pid: Int32) throws(LoadError) {
        guard let stat = SystemFile.read("/proc/\(pid)/stat"),
            let memory = SystemFile.read("/proc/\(pid)/statm"),
            let end = stat.lastIndex(of: ")")
        else {
            throw LoadError("no process has the id \(pid); give the gateway's to --gateway-pid")
        }
        // Behind the name, which may hold anything: field 3 is the state, 14 and 15 are the times.
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        let pages = memory.split(separator: " ")
        guard fields.count > 12, pages.count > 1, let user = Double(fields[11]),
            let system = Double(fields[12]), let resident = Int(pages[1])
        else { throw LoadError("/proc/\(pid)/stat is not understood") }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        userSeconds = user / ticks
        systemSeconds = system / ticks
        totalSeconds = Self.scheduled(pid) ?? (user + system) / ticks
        residentBytes = resident * sysconf(Int32(_SC_PAGESIZE))
    }

    /// Nil where the kernel keeps no such account.
    private static func scheduled(_ pid: Int32) -> Double? {
        let path = "/proc/\(pid)/task"
        guard let directory = opendir(path) else { return nil }
        defer { closedir(directory) }
        var nanoseconds: Double = 0
        while let entry = readdir(directory) {
            let thread = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard Int32(thread) != nil else { continue }
            guard let text = SystemFile.read("\(path)/\(thread)/schedstat"),
                let time = text.split(separator: " ").first.flatMap({ Double($0) })
            else { return nil }
            nanoseconds += time
        }
        return nanoseconds / 1e9
    }
}
