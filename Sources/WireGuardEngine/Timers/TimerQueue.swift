import Synchronization

/// Which peer to look at when: a binary heap of wake-ups. A peer that needs an earlier one gets a
/// second entry; the older entry is recognised as stale when it comes up.
struct TimerQueue: ~Copyable {
    struct Wake {
        let at: Instant
        let peer: PeerHandle
    }

    private var heap: [Wake] = []

    init() {}

    /// The earliest wake-up, which may be stale.
    var earliest: Instant? { heap.first?.at }

    mutating func schedule(_ record: PeerPointer, at deadline: Instant) {
        guard record.pointee.activity.withLock({ $0.needsWake(at: deadline) }) else { return }
        push(Wake(at: deadline, peer: record.handle))
    }

    /// The record says already that it will be looked at then.
    mutating func push(_ wake: Wake) {
        heap.append(wake)
        siftUp(from: heap.count - 1)
    }

    mutating func popDue(at now: Instant) -> Wake? {
        guard let first = heap.first, first.at <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        siftDown(from: 0)
        return first
    }

    private mutating func siftUp(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].at < heap[parent].at else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(from start: Int) {
        var parent = start
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].at < heap[smallest].at {
                smallest = child
            }
            guard smallest != parent else { return }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
