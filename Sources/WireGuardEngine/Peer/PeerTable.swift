import Synchronization

/// The peers of one owner by slot. The owner inserts and removes; any worker finds, without a lock,
/// records that it may use until it unpins (`EpochReclamation`).
///
/// A value of pointers, so that using it counts no references; the engine that made it frees it.
struct PeerTable {
    private static let chunkSize = 4096
    private static let maximumChunks = 4096

    private typealias Slot = Atomic<UInt>

    /// Pointers to chunks of slots; zero where no slot was ever used.
    private let chunks: UnsafeMutablePointer<Slot>

    init() {
        chunks = Self.makeSlots(Self.maximumChunks)
    }

    /// The record of a live handle; a stale one finds nothing.
    @inline(__always)
    func find(_ handle: PeerHandle) -> PeerPointer? {
        guard let record = record(slot: handle.slot), record.handle == handle else {
            return nil
        }
        return record
    }

    @inline(__always)
    func record(slot: UInt32) -> PeerPointer? {
        guard let slot = existingSlot(slot) else { return nil }
        return PeerPointer(bitPattern: slot.pointee.load(ordering: .acquiring))
    }

    /// Owner only. The slot must be free.
    func insert(_ record: consuming PeerRecord) -> PeerPointer {
        let slot = makeSlot(record.handle.slot)
        precondition(slot.pointee.load(ordering: .relaxed) == 0, "the slot of another peer")
        let pointer = PeerPointer.allocate(capacity: 1)
        pointer.initialize(to: record)
        slot.pointee.store(UInt(bitPattern: pointer), ordering: .releasing)
        return pointer
    }

    /// Owner only. The record stays readable until the caller frees it.
    func remove(_ pointer: PeerPointer) {
        existingSlot(pointer.pointee.handle.slot)?.pointee.store(0, ordering: .releasing)
    }

    /// Every installed peer, in the order of slots. Owner only.
    func forEach(_ body: (PeerPointer) -> Void) {
        for chunk in 0..<Self.maximumChunks {
            guard let slots = slots(of: chunk) else { continue }
            for index in 0..<Self.chunkSize {
                let found = PeerPointer(bitPattern: slots[index].load(ordering: .relaxed))
                if let found { body(found) }
            }
        }
    }

    /// One more than the highest slot that may be in use. Owner only.
    var slotCount: Int {
        let last = (0..<Self.maximumChunks).last { slots(of: $0) != nil }
        return last.map { ($0 + 1) * Self.chunkSize } ?? 0
    }

    /// At the engine's end, with all records in it.
    func free() {
        forEach { record in
            record.deinitialize(count: 1)
            record.deallocate()
        }
        for chunk in 0..<Self.maximumChunks { slots(of: chunk)?.deallocate() }
        chunks.deallocate()
    }

    @inline(__always)
    private func existingSlot(_ number: UInt32) -> UnsafeMutablePointer<Slot>? {
        let chunk = Int(number) / Self.chunkSize
        guard chunk < Self.maximumChunks, let slots = slots(of: chunk) else { return nil }
        return slots + Int(number) % Self.chunkSize
    }

    @inline(__always)
    private func slots(of chunk: Int) -> UnsafeMutablePointer<Slot>? {
        UnsafeMutablePointer(bitPattern: chunks[chunk].load(ordering: .acquiring))
    }

    private func makeSlot(_ number: UInt32) -> UnsafeMutablePointer<Slot> {
        if let slot = existingSlot(number) { return slot }
        let chunk = Int(number) / Self.chunkSize
        precondition(chunk < Self.maximumChunks, "more than 16 million peers")
        let made = Self.makeSlots(Self.chunkSize)
        chunks[chunk].store(UInt(bitPattern: made), ordering: .releasing)
        return made + Int(number) % Self.chunkSize
    }

    private static func makeSlots(_ count: Int) -> UnsafeMutablePointer<Slot> {
        let slots = UnsafeMutablePointer<Slot>.allocate(capacity: count)
        for index in 0..<count { (slots + index).initialize(to: Atomic(0)) }
        return slots
    }
}
