import Synchronization

/// The one place where a new forwarding table reaches the workers that carry a gateway. Its owner
/// publishes; the others see it at their next run of packets.
struct PublishedTable: ~Copyable {
    private let generation = Atomic<UInt64>(0)
    private let table = Lock(ForwardingTable())

    /// Owner only.
    func publish(_ next: ForwardingTable) {
        table.withLock { $0 = next }
        generation.wrappingAdd(1, ordering: .releasing)
    }

    var newest: ForwardingTable { table.withLock { $0 } }

    /// Costs one load where nothing changed; lock and reference count are paid once per change.
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
