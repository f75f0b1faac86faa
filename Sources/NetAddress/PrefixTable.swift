/// Longest-prefix match for both families. A value type: a copy shares storage until one of the
/// two is changed, and copying the storage is one block copy per prefix length in use.
@frozen
public struct PrefixTable<Value: BitwiseCopyable & Sendable>: Sendable {
    @usableFromInline
    var v4 = LongestPrefixMap<UInt32, Value>()
    @usableFromInline
    var v6 = LongestPrefixMap<UInt128, Value>()

    @inlinable
    public init() {}

    /// The most specific prefix that holds the address decides.
    @inlinable
    public func lookup(_ address: IPv4Address) -> Value? {
        v4.lookup(address.bits)
    }

    @inlinable
    public func lookup(_ address: IPv6Address) -> Value? {
        v6.lookup(address.bits)
    }

    @inlinable
    public func lookup(_ address: IPAddress) -> Value? {
        switch address {
        case .v4(let address): lookup(address)
        case .v6(let address): lookup(address)
        }
    }

    /// With the length of the prefix that decides.
    @inlinable
    public func match(_ address: IPv4Address) -> (value: Value, length: UInt8)? {
        v4.match(address.bits)
    }

    @inlinable
    public func match(_ address: IPv6Address) -> (value: Value, length: UInt8)? {
        v6.match(address.bits)
    }

    /// The value of exactly this prefix, whatever others hold its addresses.
    @inlinable
    public func value(of prefix: IPPrefix) -> Value? {
        switch prefix {
        case .v4(let prefix): v4.value(of: prefix.network.bits, length: prefix.length)
        case .v6(let prefix): v6.value(of: prefix.network.bits, length: prefix.length)
        }
    }

    /// Replaces the value of an equal prefix.
    @inlinable
    public mutating func insert(_ prefix: IPPrefix, _ value: Value) {
        switch prefix {
        case .v4(let prefix): v4.insert(prefix.network.bits, length: prefix.length, value)
        case .v6(let prefix): v6.insert(prefix.network.bits, length: prefix.length, value)
        }
    }

    /// Does nothing when the table does not hold exactly this prefix.
    @inlinable
    public mutating func remove(_ prefix: IPPrefix) {
        switch prefix {
        case .v4(let prefix): v4.remove(prefix.network.bits, length: prefix.length)
        case .v6(let prefix): v6.remove(prefix.network.bits, length: prefix.length)
        }
    }

    /// Everything in the table, in the order of the prefixes.
    @inlinable
    public var entries: [(prefix: IPPrefix, value: Value)] {
        let v4 = v4.entries.compactMap { entry in
            (try? IPv4Prefix(IPv4Address(bits: entry.network), length: entry.length))
                .map { (prefix: IPPrefix.v4($0), value: entry.value) }
        }
        let v6 = v6.entries.compactMap { entry in
            (try? IPv6Prefix(IPv6Address(bits: entry.network), length: entry.length))
                .map { (prefix: IPPrefix.v6($0), value: entry.value) }
        }
        return (v4 + v6).sorted { $0.prefix < $1.prefix }
    }
}
