import CLinux

package enum ProcessMemory {
    /// Returns freed memory to the system, after a rare and large piece of work. The allocator would
    /// keep it for later use.
    package static func trim() {
        clinux_trim_memory()
    }
}
