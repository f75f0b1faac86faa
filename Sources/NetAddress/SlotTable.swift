/// A hash table with open addressing and Robin Hood hashing: a probe ends as soon as an entry is
/// nearer to its ideal slot than the key looked for would be, so a miss ends early even in a full
/// table.
///
/// It does not own its memory: `SlotTables` copies and frees it.
@frozen
@usableFromInline
struct SlotTable<Key: PrefixKey, Value: BitwiseCopyable & Sendable> {
    @frozen
    @usableFromInline
    struct Slot {
        @usableFromInline
        var key: Key
        /// One more than the number of slots past the key's ideal slot; zero marks a free slot.
        @usableFromInline
        var distance: UInt32
        @usableFromInline
        var value: Value

        @inlinable
        init(key: Key, distance: UInt32, value: Value) {
            self.key = key
            self.distance = distance
            self.value = value
        }
    }

    @usableFromInline
    var slots: UnsafeMutablePointer<Slot>?
    @usableFromInline
    var count = 0
    /// Zero or a power of two.
    @usableFromInline
    var capacity = 0

    @inlinable
    init() {}

    @inlinable
    init(copying other: SlotTable) {
        guard let source = other.slots else { return }
        let copy = UnsafeMutablePointer<Slot>.allocate(capacity: other.capacity)
        UnsafeMutableRawPointer(copy)
            .copyMemory(from: source, byteCount: other.capacity * MemoryLayout<Slot>.stride)
        slots = copy
        count = other.count
        capacity = other.capacity
    }

    @inlinable
    var isEmpty: Bool {
        count == 0
    }

    @inlinable
    func find(_ key: Key) -> Value? {
        guard let slots, let index = index(of: key) else { return nil }
        return slots[index].value
    }

    @inlinable
    func forEach(_ body: (Key, Value) -> Void) {
        guard let slots else { return }
        for index in 0..<capacity where slots[index].distance > 0 {
            body(slots[index].key, slots[index].value)
        }
    }

    @inlinable
    mutating func insert(_ key: Key, _ value: Value) {
        if let slots, let index = index(of: key) {
            slots[index].value = value
            return
        }
        if count >= capacity - capacity / 8 { grow() }
        place(Slot(key: key, distance: 1, value: value))
        count += 1
    }

    @inlinable
    mutating func remove(_ key: Key) {
        guard let slots, var hole = index(of: key) else { return }
        count -= 1
        guard count > 0 else {
            deallocate()
            return
        }
        // Backward-shift deletion: every entry up to the next free slot, or the next entry in its
        // ideal slot, moves back by one.
        var next = (hole + 1) & (capacity - 1)
        while slots[next].distance > 1 {
            slots[hole] = slots[next]
            slots[hole].distance -= 1
            hole = next
            next = (next + 1) & (capacity - 1)
        }
        slots[hole].distance = 0
    }

    @inlinable
    mutating func deallocate() {
        slots?.deallocate()
        self = SlotTable()
    }

    @inlinable
    func index(of key: Key) -> Int? {
        guard let slots else { return nil }
        var index = idealSlot(of: key)
        var distance: UInt32 = 1
        while slots[index].distance >= distance {
            if slots[index].key == key { return index }
            index = (index &+ 1) & (capacity &- 1)
            distance &+= 1
        }
        return nil
    }

    @inlinable
    func idealSlot(of key: Key) -> Int {
        Int(truncatingIfNeeded: key.mixed.multipliedFullWidth(by: UInt64(capacity)).high)
    }

    @inlinable
    mutating func grow() {
        let old = self
        capacity = max(8, 2 * old.capacity)
        let bytes = UnsafeMutableRawBufferPointer.allocate(
            byteCount: capacity * MemoryLayout<Slot>.stride,
            alignment: MemoryLayout<Slot>.alignment
        )
        // All zero bytes are free slots.
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        slots = bytes.bindMemory(to: Slot.self).baseAddress
        guard let oldSlots = old.slots else { return }
        for index in 0..<old.capacity where oldSlots[index].distance > 0 {
            var slot = oldSlots[index]
            slot.distance = 1
            place(slot)
        }
        oldSlots.deallocate()
    }

    /// The key must be absent and a slot free.
    @inlinable
    func place(_ newcomer: Slot) {
        guard let slots else { return }
        var displaced = newcomer
        var index = idealSlot(of: newcomer.key)
        while slots[index].distance > 0 {
            if slots[index].distance < displaced.distance { swap(&slots[index], &displaced) }
            index = (index + 1) & (capacity - 1)
            displaced.distance += 1
        }
        slots[index] = displaced
    }
}
