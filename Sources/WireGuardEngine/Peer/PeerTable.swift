/// The peers of one engine by slot, in chunks that never move, so that a pointer to a record
/// stays valid until the peer is removed.
struct PeerTable: ~Copyable {
    private static let chunkSize = 1024

    private struct Chunk {
        let records: PeerPointer
        let isInstalled: UnsafeMutablePointer<Bool>

        init() {
            records = .allocate(capacity: PeerTable.chunkSize)
            isInstalled = .allocate(capacity: PeerTable.chunkSize)
            isInstalled.initialize(repeating: false, count: PeerTable.chunkSize)
        }
    }

    private var chunks: [Chunk?] = []

    init() {}

    deinit {
        for chunk in chunks {
            guard let chunk else { continue }
            for index in 0..<Self.chunkSize where chunk.isInstalled[index] {
                (chunk.records + index).deinitialize(count: 1)
            }
            chunk.records.deallocate()
            chunk.isInstalled.deallocate()
        }
    }

    /// The record of a live handle; a stale one finds nothing.
    @inline(__always)
    func find(_ handle: PeerHandle) -> PeerPointer? {
        guard let record = record(slot: handle.slot), record.pointee.handle == handle else {
            return nil
        }
        return record
    }

    @inline(__always)
    func record(slot: UInt32) -> PeerPointer? {
        let (chunk, index) = Int(slot).quotientAndRemainder(dividingBy: Self.chunkSize)
        guard chunk < chunks.count, let found = chunks[chunk], found.isInstalled[index] else {
            return nil
        }
        return found.records + index
    }

    /// The slot must be free.
    mutating func insert(_ record: consuming PeerRecord) -> PeerPointer {
        let (chunk, index) = Int(record.handle.slot).quotientAndRemainder(
            dividingBy: Self.chunkSize
        )
        while chunks.count <= chunk { chunks.append(nil) }
        let owner = chunks[chunk] ?? Chunk()
        chunks[chunk] = owner
        precondition(!owner.isInstalled[index], "the slot of another peer")
        let pointer = owner.records + index
        pointer.initialize(to: record)
        owner.isInstalled[index] = true
        return pointer
    }

    mutating func remove(_ pointer: PeerPointer) {
        let slot = Int(pointer.pointee.handle.slot)
        let (chunk, index) = slot.quotientAndRemainder(dividingBy: Self.chunkSize)
        pointer.deinitialize(count: 1)
        chunks[chunk]?.isInstalled[index] = false
    }

    /// Every installed peer, in the order of slots.
    func forEach(_ body: (PeerPointer) -> Void) {
        for chunk in chunks {
            guard let chunk else { continue }
            for index in 0..<Self.chunkSize where chunk.isInstalled[index] {
                body(chunk.records + index)
            }
        }
    }
}
