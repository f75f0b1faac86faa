/// An IPv4 address, held as a number in host order.
@frozen
public struct IPv4Address: Hashable, Sendable {
    public let bits: UInt32

    @inlinable
    public init(bits: UInt32) {
        self.bits = bits
    }
}

extension IPv4Address: LosslessStringConvertible {
    /// A dotted quad and nothing else: four numbers without leading zeros.
    public init?(_ text: String) {
        var bits: UInt32 = 0
        var octet: UInt32 = 0
        var digits = 0
        var dots = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard digits == 0 || octet > 0 else { return nil }
                octet = 10 * octet + UInt32(byte - UInt8(ascii: "0"))
                guard octet <= 255 else { return nil }
                digits += 1
            case UInt8(ascii: "."):
                guard digits > 0, dots < 3 else { return nil }
                bits = bits << 8 | octet
                (octet, digits) = (0, 0)
                dots += 1
            default:
                return nil
            }
        }
        guard digits > 0, dots == 3 else { return nil }
        self.init(bits: bits << 8 | octet)
    }

    public var description: String {
        "\(bits >> 24).\(bits >> 16 & 0xff).\(bits >> 8 & 0xff).\(bits & 0xff)"
    }
}

extension IPv4Address: Comparable {
    @inlinable
    public static func < (left: IPv4Address, right: IPv4Address) -> Bool {
        left.bits < right.bits
    }
}
