/// Longest-prefix match in one family: one hash table per prefix length in use, asked from the
/// longest length down. Networks have few distinct lengths, so that is a handful of probes.
@frozen
@usableFromInline
struct LongestPrefixMap<Key: PrefixKey, Value: BitwiseCopyable & Sendable>: Sendable {
    /// Bit `length - 1` is set while a prefix of that length is present: a key has exactly as many
    /// bits as there are lengths above zero.
    @usableFromInline
    var lengths: Key = 0
    /// The prefix of length zero, which needs no table.
    @usableFromInline
    var catchAll: Value?
    @usableFromInline
    var storage = SlotTables<Key, Value>()

    @inlinable
    init() {}

    @inlinable
    func lookup(_ address: Key) -> Value? { match(address)?.value }

    /// With the length of the prefix that decides.
    @inlinable
    func match(_ address: Key) -> (value: Value, length: UInt8)? {
        var remaining = lengths
        while remaining != 0 {
            let shorter = remaining.leadingZeroBitCount
            let index = Key.bitWidth &- 1 &- shorter
            let network = address & (Key.max &<< Key(truncatingIfNeeded: shorter))
            if let value = storage.tables[index].find(network) {
                return (value, UInt8(truncatingIfNeeded: index &+ 1))
            }
            remaining &= ~(1 &<< Key(truncatingIfNeeded: index))
        }
        return catchAll.map { ($0, 0) }
    }

    @inlinable
    func value(of network: Key, length: UInt8) -> Value? {
        guard length > 0 else { return catchAll }
        guard lengths & Self.bit(length) != 0 else { return nil }
        return storage.tables[Int(length) - 1].find(network)
    }

    @inlinable
    mutating func insert(_ network: Key, length: UInt8, _ value: Value) {
        guard length > 0 else {
            catchAll = value
            return
        }
        makeUnique()
        storage.tables[Int(length) - 1].insert(network, value)
        lengths |= Self.bit(length)
    }

    @inlinable
    mutating func remove(_ network: Key, length: UInt8) {
        guard length > 0 else {
            catchAll = nil
            return
        }
        guard lengths & Self.bit(length) != 0 else { return }
        makeUnique()
        storage.tables[Int(length) - 1].remove(network)
        if storage.tables[Int(length) - 1].isEmpty { lengths &= ~Self.bit(length) }
    }

    /// In no particular order.
    @inlinable
    var entries: [(network: Key, length: UInt8, value: Value)] {
        var entries: [(network: Key, length: UInt8, value: Value)] = []
        if let catchAll { entries.append((0, 0, catchAll)) }
        for index in 0..<Key.bitWidth {
            let length = UInt8(index + 1)
            storage.tables[index].forEach { entries.append(($0, length, $1)) }
        }
        return entries
    }

    @inlinable
    mutating func makeUnique() {
        if !isKnownUniquelyReferenced(&storage) { storage = SlotTables(copying: storage) }
    }

    @inlinable
    static func bit(_ length: UInt8) -> Key {
        1 << (Key(length) - 1)
    }
}
