import Synchronization

/// Epoch-based reclamation (Fraser 2004): tells when memory that other workers of the data
/// plane may still read can be freed.
///
/// A worker reads shared pointers only while it is pinned, and keeps none of them when it unpins. An
/// owner first unlinks what it wants to free, then asks for a `stamp`; once `hasPassed` is true for
/// that stamp, no pinned worker can hold a pointer to the memory.
public final class EpochReclamation: @unchecked Sendable {
    /// One worker's word to a pair of cache lines, so that no two workers write to one line.
    private static let stride = 16
    fileprivate static let unpinned = UInt64.max

    public let workers: Int
    private let departed = Atomic<Int>(0)
    private let epoch: UnsafeMutablePointer<Atomic<UInt64>>
    /// The epoch in which each worker pinned itself, or `unpinned`.
    private let pinned: UnsafeMutablePointer<Atomic<UInt64>>

    public init(workers: Int) {
        precondition(workers > 0)
        self.workers = workers
        epoch = .allocate(capacity: (workers + 1) * Self.stride)
        for index in 0..<(workers + 1) * Self.stride {
            (epoch + index).initialize(to: Atomic(Self.unpinned))
        }
        epoch.pointee.store(0, ordering: .relaxed)
        pinned = epoch + Self.stride
    }

    deinit {
        epoch.deinitialize(count: (workers + 1) * Self.stride)
        epoch.deallocate()
    }

    /// One worker's part; valid as long as the whole is.
    struct Guard {
        fileprivate let epoch: UnsafeMutablePointer<Atomic<UInt64>>
        fileprivate let pinned: UnsafeMutablePointer<Atomic<UInt64>>

        /// Before the worker looks at anything shared; once per batch.
        func pin() {
            let now = epoch.pointee.load(ordering: .relaxed)
            pinned.pointee.store(now, ordering: .relaxed)
            // Pairs with the fence in `hasPassed`: if the owner's scan misses this store, its unlink
            // is visible to every load after this fence.
            atomicMemoryFence(ordering: .sequentiallyConsistent)
        }

        /// After the worker's batch, before it waits.
        func unpin() {
            pinned.pointee.store(EpochReclamation.unpinned, ordering: .releasing)
        }
    }

    func workerGuard(of worker: Int) -> Guard {
        Guard(epoch: epoch, pinned: pinned + worker * Self.stride)
    }

    /// A worker that ends reads no shared memory from now on. What it owns is freed when all have
    /// departed.
    public func depart() { departed.wrappingAdd(1, ordering: .acquiringAndReleasing) }

    public var allDeparted: Bool { departed.load(ordering: .acquiring) >= workers }

    /// Marks the moment at which something was unlinked.
    func stamp() -> UInt64 {
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        return epoch.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent).oldValue
    }

    /// Whether every worker has been unpinned, or has pinned anew, since this stamp was taken.
    func hasPassed(_ stamp: UInt64) -> Bool {
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        for worker in 0..<workers
        where pinned[worker * Self.stride].load(ordering: .acquiring) <= stamp {
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

    /// Frees what no worker can still read.
    mutating func reclaim(_ reclamation: EpochReclamation) {
        guard let first = waiting.first, reclamation.hasPassed(first.stamp) else { return }
        let passed = waiting.prefix { reclamation.hasPassed($0.stamp) }
        for entry in passed { entry.free() }
        waiting.removeFirst(passed.count)
    }

    /// When the engine ends; by then all workers have departed.
    func freeAll() {
        for entry in waiting { entry.free() }
    }
}
