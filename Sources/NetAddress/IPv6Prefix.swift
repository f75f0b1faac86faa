/// An IPv6 network. The host bits are always zero, so equal networks compare equal.
@frozen
public struct IPv6Prefix: Hashable, Sendable {
    public let network: IPv6Address
    public let length: UInt8

    /// Refuses `2001:db8::5/64`: with host bits set, it may be meant as an address or as a network.
    public init(_ network: IPv6Address, length: UInt8) throws(AddressError) {
        try self.init(containing: network, length: length)
        guard self.network == network else { throw .hostBitsSet }
    }

    /// The network of this length that the address lies in.
    public init(containing address: IPv6Address, length: UInt8) throws(AddressError) {
        guard length <= 128 else { throw .prefixTooLong(length) }
        self.network = IPv6Address(bits: address.bits & Self.mask(length))
        self.length = length
    }

    /// The /128 that holds this address alone.
    @inlinable
    public init(_ address: IPv6Address) {
        self.network = address
        self.length = 128
    }

    public init(_ text: String) throws(AddressError) {
        let notation = try PrefixNotation(text)
        guard let network = IPv6Address(notation.address) else { throw .malformed(text) }
        try self.init(network, length: notation.length)
    }

    @inlinable
    public func contains(_ address: IPv6Address) -> Bool {
        address.bits & Self.mask(length) == network.bits
    }

    /// A prefix contains itself.
    @inlinable
    public func contains(_ other: IPv6Prefix) -> Bool {
        length <= other.length && contains(other.network)
    }

    @inlinable
    public func overlaps(_ other: IPv6Prefix) -> Bool {
        contains(other) || other.contains(self)
    }

    @inlinable
    public var firstAddress: IPv6Address {
        network
    }

    @inlinable
    public var lastAddress: IPv6Address {
        IPv6Address(bits: network.bits | ~Self.mask(length))
    }

    /// `UInt64.max` for /64 and wider, which hold at least one address more than that.
    @inlinable
    public var count: UInt64 {
        length > 64 ? 1 << (128 - UInt64(length)) : .max
    }

    @inlinable
    static func mask(_ length: UInt8) -> UInt128 {
        // The smart shift answers 0 for a shift by the whole width.
        ~0 << (128 - UInt128(length))
    }
}

extension IPv6Prefix: CustomStringConvertible {
    public var description: String {
        "\(network)/\(length)"
    }
}

extension IPv6Prefix: Comparable {
    /// By network, then the wider prefix first.
    public static func < (left: IPv6Prefix, right: IPv6Prefix) -> Bool {
        (left.network, left.length) < (right.network, right.length)
    }
}
