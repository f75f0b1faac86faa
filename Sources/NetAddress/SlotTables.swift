/// Owns the memory of one family's hash tables, one per prefix length from 1 up.
///
/// The only field never changes and the memory is written only while `LongestPrefixMap` holds the
/// one reference, so sharing it between threads is safe and reading it needs no exclusivity check.
@usableFromInline
final class SlotTables<Key: PrefixKey, Value: BitwiseCopyable & Sendable>: @unchecked Sendable {
    @usableFromInline
    let tables: UnsafeMutablePointer<SlotTable<Key, Value>>

    @inlinable
    init() {
        tables = .allocate(capacity: Key.bitWidth)
        tables.initialize(repeating: SlotTable(), count: Key.bitWidth)
    }

    @inlinable
    init(copying other: SlotTables) {
        tables = .allocate(capacity: Key.bitWidth)
        for index in 0..<Key.bitWidth {
            (tables + index).initialize(to: SlotTable(copying: other.tables[index]))
        }
    }

    @inlinable
    deinit {
        for index in 0..<Key.bitWidth { tables[index].deallocate() }
        tables.deallocate()
    }
}
