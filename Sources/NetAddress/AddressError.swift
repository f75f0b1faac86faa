/// Why a text or a pair of values is not an address, a prefix or an interface address.
public enum AddressError: Error, Equatable, Sendable {
    case malformed(String)
    case prefixTooLong(UInt8)
    case hostBitsSet
}

extension AddressError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed(let text):
            "'\(text)' is not understood; write it like 10.0.0.0/24 or 2001:db8::/64"
        case .prefixTooLong(let length):
            "prefix length \(length) is too long; IPv4 allows up to 32 and IPv6 up to 128"
        case .hostBitsSet:
            "the address has bits set beyond the prefix length; clear them to name the network"
        }
    }
}
