/// An IPv4 network. The host bits are always zero, so equal networks compare equal.
@frozen
public struct IPv4Prefix: Hashable, Sendable {
    public let network: IPv4Address
    public let length: UInt8

    /// Refuses `10.0.0.5/24`: with host bits set, it may be meant as an address or as a network.
    public init(_ network: IPv4Address, length: UInt8) throws(AddressError) {
        try self.init(containing: network, length: length)
        guard self.network == network else { throw .hostBitsSet }
    }

    /// The network of this length that the address lies in.
    public init(containing address: IPv4Address, length: UInt8) throws(AddressError) {
        guard length <= 32 else { throw .prefixTooLong(length) }
        self.network = IPv4Address(bits: address.bits & Self.mask(length))
        self.length = length
    }

    /// The /32 that holds this address alone.
    @inlinable
    public init(_ address: IPv4Address) {
        self.network = address
        self.length = 32
    }

    /// `0.0.0.0/0`
    public static let everything = IPv4Prefix()

    private init() {
        self.network = IPv4Address(bits: 0)
        self.length = 0
    }

    public init(_ text: String) throws(AddressError) {
        let notation = try PrefixNotation(text)
        guard let network = IPv4Address(notation.address) else { throw .malformed(text) }
        try self.init(network, length: notation.length)
    }

    @inlinable
    public func contains(_ address: IPv4Address) -> Bool {
        address.bits & Self.mask(length) == network.bits
    }

    /// A prefix contains itself.
    @inlinable
    public func contains(_ other: IPv4Prefix) -> Bool {
        length <= other.length && contains(other.network)
    }

    @inlinable
    public func overlaps(_ other: IPv4Prefix) -> Bool {
        contains(other) || other.contains(self)
    }

    @inlinable
    public var firstAddress: IPv4Address {
        network
    }

    /// The broadcast address where the network has one.
    @inlinable
    public var lastAddress: IPv4Address {
        IPv4Address(bits: network.bits | ~Self.mask(length))
    }

    @inlinable
    public var count: UInt64 {
        1 << (32 - UInt64(length))
    }

    @inlinable
    static func mask(_ length: UInt8) -> UInt32 {
        // The smart shift answers 0 for a shift by the whole width.
        ~0 << (32 - UInt32(length))
    }
}

extension IPv4Prefix: CustomStringConvertible {
    public var description: String {
        "\(network)/\(length)"
    }
}

extension IPv4Prefix: Comparable {
    /// By network, then the wider prefix first.
    public static func < (left: IPv4Prefix, right: IPv4Prefix) -> Bool {
        (left.network, left.length) < (right.network, right.length)
    }
}
