/// A network of either family. IPv4 sorts first.
@frozen
public enum IPPrefix: Hashable, Sendable {
    case v4(IPv4Prefix)
    case v6(IPv6Prefix)

    /// `10.0.0.0/24`, `2001:db8::/64`, or an address alone, which stands for itself only.
    public init(_ text: String) throws(AddressError) {
        if let address = IPAddress(text) {
            self = IPPrefix(address)
            return
        }
        let notation = try PrefixNotation(text)
        switch IPAddress(notation.address) {
        case .v4(let network): self = .v4(try IPv4Prefix(network, length: notation.length))
        case .v6(let network): self = .v6(try IPv6Prefix(network, length: notation.length))
        case nil: throw .malformed(text)
        }
    }

    /// The prefix that holds one address: /32 or /128.
    public init(_ address: IPAddress) {
        switch address {
        case .v4(let address): self = .v4(IPv4Prefix(address))
        case .v6(let address): self = .v6(IPv6Prefix(address))
        }
    }

    /// The network of this length that the address lies in.
    public init(containing address: IPAddress, length: UInt8) throws(AddressError) {
        switch address {
        case .v4(let address): self = .v4(try IPv4Prefix(containing: address, length: length))
        case .v6(let address): self = .v6(try IPv6Prefix(containing: address, length: length))
        }
    }

    public var length: UInt8 {
        switch self {
        case .v4(let prefix): prefix.length
        case .v6(let prefix): prefix.length
        }
    }

    public func contains(_ address: IPAddress) -> Bool {
        switch (self, address) {
        case (.v4(let prefix), .v4(let address)): prefix.contains(address)
        case (.v6(let prefix), .v6(let address)): prefix.contains(address)
        case (.v4, .v6), (.v6, .v4): false
        }
    }

    public func contains(_ other: IPPrefix) -> Bool {
        switch (self, other) {
        case (.v4(let prefix), .v4(let other)): prefix.contains(other)
        case (.v6(let prefix), .v6(let other)): prefix.contains(other)
        case (.v4, .v6), (.v6, .v4): false
        }
    }

    public func overlaps(_ other: IPPrefix) -> Bool {
        contains(other) || other.contains(self)
    }

    /// Nil where the prefix has several.
    public var onlyAddress: IPAddress? {
        switch self {
        case .v4(let prefix): prefix.length == 32 ? .v4(prefix.network) : nil
        case .v6(let prefix): prefix.length == 128 ? .v6(prefix.network) : nil
        }
    }
}

extension IPPrefix: CustomStringConvertible {
    public var description: String {
        switch self {
        case .v4(let prefix): prefix.description
        case .v6(let prefix): prefix.description
        }
    }
}

extension IPPrefix: Comparable {
    public static func < (left: IPPrefix, right: IPPrefix) -> Bool {
        switch (left, right) {
        case (.v4(let left), .v4(let right)): left < right
        case (.v6(let left), .v6(let right)): left < right
        case (.v4, .v6): true
        case (.v6, .v4): false
        }
    }
}
