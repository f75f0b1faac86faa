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
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard let octet = UInt8(strictDecimal: part) else { return nil }
            bits = bits << 8 | UInt32(octet)
        }
        self.init(bits: bits)
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
