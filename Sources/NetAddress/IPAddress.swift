/// An address of either family. IPv4 sorts first.
@frozen
public enum IPAddress: Hashable, Sendable {
    case v4(IPv4Address)
    case v6(IPv6Address)
}

extension IPAddress: LosslessStringConvertible {
    public init?(_ text: String) {
        if let address = IPv4Address(text) {
            self = .v4(address)
        } else if let address = IPv6Address(text) {
            self = .v6(address)
        } else {
            return nil
        }
    }

    public var description: String {
        switch self {
        case .v4(let address): address.description
        case .v6(let address): address.description
        }
    }
}

extension IPAddress {
    /// The address of an operator's setting: IPv6 may stand in brackets, as it must in front of a port.
    public init?(setting text: String) {
        if text.hasPrefix("["), text.hasSuffix("]") {
            guard let address = IPv6Address(String(text.dropFirst().dropLast())) else { return nil }
            self = .v6(address)
        } else {
            self.init(text)
        }
    }
}

extension IPAddress: Comparable {
    @inlinable
    public static func < (left: IPAddress, right: IPAddress) -> Bool {
        switch (left, right) {
        case (.v4(let left), .v4(let right)): left < right
        case (.v6(let left), .v6(let right)): left < right
        case (.v4, .v6): true
        case (.v6, .v4): false
        }
    }
}

extension IPAddress {
    /// Whether it leads back to the machine that uses it: RFC 1122 section 3.2.1.3, RFC 4291
    /// section 2.5.3.
    public var isLoopback: Bool {
        switch self {
        case .v4(let address): address.bits >> 24 == 127
        case .v6(let address):
            address.mappedIPv4.map { $0.bits >> 24 == 127 }
                ?? (address.high == 0 && address.low == 1)
        }
    }
}
