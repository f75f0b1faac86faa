import NetAddress
import Synchronization

/// Which gateway a packet from the node's interface is for: the mapped ranges of all gateways that
/// have a way out. It only finds the gateway. What may come in is decided by the gateway's own view, so
/// that it does not matter which of the two a worker sees first.
///
/// Shared by the engines of all workers. The owner of a gateway enters and removes its range.
public final class MappedRanges: Sendable {
    private let generation = Atomic<UInt64>(0)
    private let list = Lock<[Entry]>([])

    private struct Entry {
        let gateway: GatewayHandle
        let range: IPv4Prefix
    }

    public init() {}

    /// Nil removes the gateway.
    func set(_ range: IPv4Prefix?, of gateway: GatewayHandle) {
        let hasChanged = list.withLock { list in
            let index = list.firstIndex { $0.gateway == gateway }
            guard index.map({ list[$0].range }) != range else { return false }
            if let index { list.remove(at: index) }
            if let range { list.append(Entry(gateway: gateway, range: range)) }
            return true
        }
        if hasChanged { generation.wrappingAdd(1, ordering: .releasing) }
    }

    /// Costs one load where nothing changed.
    @inline(__always)
    func refresh(_ seen: inout SeenRanges) {
        let newest = generation.load(ordering: .acquiring)
        guard newest != seen.generation else { return }
        fetch(newest, &seen)
    }

    @inline(never)
    private func fetch(_ newest: UInt64, _ seen: inout SeenRanges) {
        let table = list.withLock { list in
            var table = PrefixTable<GatewayHandle>()
            for entry in list { table.insert(.v4(entry.range), entry.gateway) }
            return table
        }
        seen = SeenRanges(generation: newest, table: RangeTable(table))
    }
}

/// A worker's own reference to the ranges that it finds gateways by.
struct SeenRanges {
    fileprivate var generation = UInt64.max
    private(set) var table = RangeTable(PrefixTable())

    init() {}

    fileprivate init(generation: UInt64, table: RangeTable) {
        self.generation = generation
        self.table = table
    }
}

/// Immutable.
final class RangeTable: Sendable {
    private let ranges: PrefixTable<GatewayHandle>

    fileprivate init(_ ranges: PrefixTable<GatewayHandle>) {
        self.ranges = ranges
    }

    @inline(__always)
    func gateway(at address: InnerPacket.FlowAddress) -> GatewayHandle? {
        ranges.lookup(address.v4)
    }
}
