import Synchronization

/// The one place where a new forwarding table reaches the workers that carry a gateway. Its home
/// publishes; the others notice at their next run of packets.
struct PublishedTable: ~Copyable {
    private let generation = Atomic<UInt64>(0)
    private let table = Lock(ForwardingTable())

    /// The home worker's only.
    func publish(_ next: ForwardingTable) {
        table.withLock { $0 = next }
        generation.wrappingAdd(1, ordering: .releasing)
    }

    /// One load where nothing changed; lock and reference count are paid once per change.
    @inline(__always)
    func refresh(_ seen: inout SeenTable) {
        let newest = generation.load(ordering: .acquiring)
        guard newest != seen.generation else { return }
        fetch(newest, &seen)
    }

    @inline(never)
    private func fetch(_ newest: UInt64, _ seen: inout SeenTable) {
        seen = SeenTable(generation: newest, table: table.withLock { $0 })
    }
}

/// A worker's own reference to the table that it routes by.
struct SeenTable {
    var generation: UInt64 = .max
    var table = ForwardingTable()
}
