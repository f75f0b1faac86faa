import Synchronization

/// Tells the workers of one data plane when memory that others may still be reading can be freed.
///
/// A worker reads shared pointers only between `enter` and `leave`, and keeps none of them across
/// that border: quiescent-state-based reclamation. An owner first unlinks what it wants to free,
/// then asks for a `stamp`; once `hasPassed` says so, nobody can have seen the memory.
public final class Quiescence: @unchecked Sendable {
    /// One worker's word to a pair of cache lines, so that no two workers write to one line.
    private static let stride = 16
    private static let outside = UInt64.max

    public let workers: Int
    private let epoch = Atomic<UInt64>(0)
    private let departed = Atomic<Int>(0)
    /// The epoch in which each worker entered, or `outside`.
    private let entered: UnsafeMutablePointer<Atomic<UInt64>>

    public init(workers: Int) {
        precondition(workers > 0)
        self.workers = workers
        entered = .allocate(capacity: workers * Self.stride)
        for index in 0..<workers * Self.stride {
            (entered + index).initialize(to: Atomic(Self.outside))
        }
    }

    deinit {
        entered.deinitialize(count: workers * Self.stride)
        entered.deallocate()
    }

    /// Before a worker looks at anything shared; once per batch.
    func enter(_ worker: Int) {
        let now = epoch.load(ordering: .relaxed)
        entered[worker * Self.stride].store(now, ordering: .relaxed)
        // Whoever does not see this store before it frees has unlinked before our next load.
        atomicMemoryFence(ordering: .sequentiallyConsistent)
    }

    /// After a worker's batch, before it waits.
    func leave(_ worker: Int) {
        entered[worker * Self.stride].store(Self.outside, ordering: .releasing)
    }

    /// At its end a worker reads nothing any more, and waits with what it owns for the others.
    public func depart() { departed.wrappingAdd(1, ordering: .acquiringAndReleasing) }

    public var allDeparted: Bool { departed.load(ordering: .acquiring) >= workers }

    /// Marks the moment at which something was unlinked.
    func stamp() -> UInt64 {
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        return epoch.wrappingAdd(1, ordering: .sequentiallyConsistent).oldValue
    }

    /// Whether every worker was outside, or came in, after the moment of this stamp.
    func hasPassed(_ stamp: UInt64) -> Bool {
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        for worker in 0..<workers
        where entered[worker * Self.stride].load(ordering: .acquiring) <= stamp {
            return false
        }
        return true
    }
}

/// Memory that was unlinked and waits to be freed, oldest first.
struct RetiredMemory {
    private var waiting: [(stamp: UInt64, free: () -> Void)] = []

    var isEmpty: Bool { waiting.isEmpty }

    mutating func append(_ stamp: UInt64, _ free: @escaping () -> Void) {
        waiting.append((stamp, free))
    }

    /// Frees what nobody can be reading any more.
    mutating func reclaim(_ quiescence: Quiescence) {
        guard let first = waiting.first, quiescence.hasPassed(first.stamp) else { return }
        let passed = waiting.prefix { quiescence.hasPassed($0.stamp) }
        for entry in passed { entry.free() }
        waiting.removeFirst(passed.count)
    }

    /// At the end of the engine, when nobody reads any more.
    func freeAll() {
        for entry in waiting { entry.free() }
    }
}
