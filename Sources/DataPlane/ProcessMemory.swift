import CLinux

package enum ProcessMemory {
    /// Returns to the system what was freed. The allocator would keep it for later, which nobody
    /// needs after a rare and large piece of work.
    package static func giveBack() {
        clinux_trim_memory()
    }
}
