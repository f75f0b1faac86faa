import Synchronization

/// Finds a gateway's sessions by receiver index. One owner writes, any worker reads without a
/// lock: the buckets hold pointers that are published whole.
///
/// Indices are random, so the low bits of one are its hash. What is removed or outgrown is handed
/// back to the caller, who frees it when no worker can still read it.
///
/// A value of pointers, so that using it counts no references; the gateway that has it frees it.
struct SessionTable {
    private static let empty: UInt = 0
    private static let tombstone: UInt = 1

    private struct Buckets {
        let count: Int
        let entries: UnsafeMutablePointer<Atomic<UInt>>

        init(count: Int) {
            self.count = count
            entries = .allocate(capacity: count)
            for index in 0..<count {
                (entries + index).initialize(to: Atomic(SessionTable.empty))
            }
        }

        func deallocate() {
            entries.deinitialize(count: count)
            entries.deallocate()
        }
    }

    private struct State: ~Copyable {
        /// Points to the newest `Buckets`; what it points to never changes its size.
        let current: Atomic<UnsafeMutablePointer<Buckets>>
        /// Live sessions and tombstones. Owner only.
        var used = 0
        var live = 0
    }

    private let state: UnsafeMutablePointer<State>

    init() {
        state = .allocate(capacity: 1)
        state.initialize(to: State(current: Atomic(Self.makeBuckets(count: 8))))
    }

    /// At the gateway's end.
    func free() {
        let buckets = state.pointee.current.load(ordering: .relaxed)
        buckets.pointee.deallocate()
        buckets.deinitialize(count: 1)
        buckets.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// The session with this index, valid until the reading worker unpins.
    @inline(__always)
    func find(_ index: UInt32) -> SessionPointer? {
        let buckets = state.pointee.current.load(ordering: .acquiring).pointee
        let mask = buckets.count - 1
        var position = Int(index) & mask
        while true {
            let entry = buckets.entries[position].load(ordering: .acquiring)
            if entry == Self.empty { return nil }
            if entry != Self.tombstone, let session = SessionPointer(bitPattern: entry),
                session.pointee.localIndex == index
            {
                return session
            }
            position = (position + 1) & mask
        }
    }

    /// Owner only. Gives a way to free memory that was outgrown and that readers may still hold.
    func insert(_ session: SessionPointer) -> (() -> Void)? {
        let buckets = state.pointee.current.load(ordering: .relaxed).pointee
        // At most half full, so that a search for an unknown index ends soon.
        let outgrown = (state.pointee.used + 1) * 2 > buckets.count ? rebuild() : nil
        place(session, in: state.pointee.current.load(ordering: .relaxed).pointee)
        state.pointee.used += 1
        state.pointee.live += 1
        return outgrown
    }

    /// Owner only. The session stays readable until the caller frees it.
    func remove(_ session: SessionPointer) {
        let buckets = state.pointee.current.load(ordering: .relaxed).pointee
        let mask = buckets.count - 1
        var position = Int(session.pointee.localIndex) & mask
        while true {
            let entry = buckets.entries[position].load(ordering: .relaxed)
            if entry == Self.empty { return }
            if entry == UInt(bitPattern: session) {
                buckets.entries[position].store(Self.tombstone, ordering: .releasing)
                state.pointee.live -= 1
                return
            }
            position = (position + 1) & mask
        }
    }

    private func rebuild() -> () -> Void {
        let old = state.pointee.current.load(ordering: .relaxed)
        var count = 8
        while count < (state.pointee.live + 1) * 4 { count *= 2 }
        let new = Self.makeBuckets(count: count)
        for position in 0..<old.pointee.count {
            let entry = old.pointee.entries[position].load(ordering: .relaxed)
            guard entry != Self.tombstone, let session = SessionPointer(bitPattern: entry) else {
                continue
            }
            place(session, in: new.pointee)
        }
        state.pointee.used = state.pointee.live
        state.pointee.current.store(new, ordering: .releasing)
        return {
            old.pointee.deallocate()
            old.deinitialize(count: 1)
            old.deallocate()
        }
    }

    private func place(_ session: SessionPointer, in buckets: Buckets) {
        let mask = buckets.count - 1
        var position = Int(session.pointee.localIndex) & mask
        while buckets.entries[position].load(ordering: .relaxed) != Self.empty {
            position = (position + 1) & mask
        }
        buckets.entries[position].store(UInt(bitPattern: session), ordering: .releasing)
    }

    private static func makeBuckets(count: Int) -> UnsafeMutablePointer<Buckets> {
        let pointer = UnsafeMutablePointer<Buckets>.allocate(capacity: 1)
        pointer.initialize(to: Buckets(count: count))
        return pointer
    }
}
