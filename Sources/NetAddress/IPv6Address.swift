/// An IPv6 address, held as two numbers in host order. Zones are not part of it.
@frozen
public struct IPv6Address: Hashable, Sendable {
    public let high: UInt64
    public let low: UInt64

    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The IPv4 address inside `::ffff:0:0/96` (RFC 4291, section 2.5.5.2).
    @inlinable
    public var mappedIPv4: IPv4Address? {
        guard high == 0, low >> 32 == 0xffff else { return nil }
        return IPv4Address(bits: UInt32(truncatingIfNeeded: low))
    }

    /// Inside `fe80::/10` (RFC 4291, section 2.5.6): another host may have it on another link.
    public var isLinkLocal: Bool { high >> 54 == 0xfe80 >> 6 }

    @inlinable
    init(bits: UInt128) {
        self.init(
            high: UInt64(truncatingIfNeeded: bits >> 64),
            low: UInt64(truncatingIfNeeded: bits)
        )
    }

    @inlinable
    var bits: UInt128 {
        UInt128(high) << 64 | UInt128(low)
    }
}

extension IPv6Address: LosslessStringConvertible {
    /// The text forms of RFC 4291, section 2.2, including an IPv4 address at the end.
    public init?(_ text: String) {
        guard let groups = IPv6Text.groups(of: text) else { return nil }
        self.init(bits: groups.reduce(0) { $0 << 16 | UInt128($1) })
    }

    /// The one canonical form of RFC 5952.
    public var description: String {
        guard let mapped = mappedIPv4 else { return IPv6Text.canonical(groups) }
        return "::ffff:\(mapped)"
    }

    private var groups: [UInt16] {
        (0..<8).map { UInt16(truncatingIfNeeded: bits >> (112 - 16 * $0)) }
    }
}

extension IPv6Address: Comparable {
    @inlinable
    public static func < (left: IPv6Address, right: IPv6Address) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}
