import CLinux

/// The processors that this process may use.
package enum Processors {
    /// The requested one, or else the last. Nil where the process may use only one.
    package static func choose(_ wanted: UInt32?) throws(LoadError) -> UInt32? {
        let allowed = allowed
        guard let wanted else { return allowed.count > 1 ? allowed.last : nil }
        guard allowed.contains(wanted) else {
            let list = allowed.map(String.init).joined(separator: ", ")
            throw LoadError("--cpu \(wanted) is not one of this process's processors: \(list)")
        }
        return wanted
    }

    static var allowed: [UInt32] {
        let count = max(clinux_allowed_processor_count(), 0)
        return (0..<UInt32(count)).compactMap { UInt32(exactly: clinux_allowed_processor($0)) }
    }
}
