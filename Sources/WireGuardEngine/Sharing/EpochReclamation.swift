import Synchronization

/// Tells the workers of one data plane when memory that others may still be reading can be freed.
///
/// A worker reads shared pointers only between `enter` and `leave`, and keeps none of them across
/// that border: quiescent-state-based reclamation. An owner first unlinks what it wants to free,
/// then asks for a `stamp`; once `hasPassed` says so, nobody can have seen the memory.
public final class Quiescence: @unchecked Sendable {
    /// One worker's word to a pair of cache lines, so that no two workers write to one line.
    private static let stride = 16
    fileprivate static let outside = UInt64.max

    public let workers: Int
    private let departed = Atomic<Int>(0)
    private let epoch: UnsafeMutablePointer<Atomic<UInt64>>
    /// The epoch in which each worker entered, or `outside`.
    private let entered: UnsafeMutablePointer<Atomic<UInt64>>

    public init(workers: Int) {
        precondition(workers > 0)
        self.workers = workers
        epoch = .allocate(capacity: (workers + 1) * Self.stride)
        for index in 0..<(workers + 1) * Self.stride {
            (epoch + index).initialize(to: Atomic(Self.outside))
        }
        epoch.pointee.store(0, ordering: .relaxed)
        entered = epoch + Self.stride
    }

    deinit {
        epoch.deinitialize(count: (workers + 1) * Self.stride)
        epoch.deallocate()
    }

    /// One worker's side of it; valid as long as the whole is.
    struct Presence {
        fileprivate let epoch: UnsafeMutablePointer<Atomic<UInt64>>
        fileprivate let entered: UnsafeMutablePointer<Atomic<UInt64>>

        /// Before the worker looks at anything shared; once per batch.
        func enter() {
            let now = epoch.pointee.load(ordering: .relaxed)
            entered.pointee.store(now, ordering: .relaxed)
            // Whoever does not see this store before it frees has unlinked before our next load.
            atomicMemoryFence(ordering: .sequentiallyConsistent)
        }

        /// After the worker's batch, before it waits.
        func leave() {
            entered.pointee.store(Quiescence.outside, ordering: .releasing)
        }
    }

    func presence(of worker: Int) -> Presence {
        Presence(epoch: epoch, entered: entered + worker * Self.stride)
    }

    /// At its end a worker reads nothing any more, and waits with what it owns for the others.
    public func depart() { departed.wrappingAdd(1, ordering: .acquiringAndReleasing) }

    public var allDeparted: Bool { departed.load(ordering: .acquiring) >= workers }

    /// Marks the moment at which something was unlinked.
    func stamp() -> UInt64 {
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        return epoch.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent).oldValue
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
