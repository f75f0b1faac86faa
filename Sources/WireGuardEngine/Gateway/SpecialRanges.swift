import NetAddress

/// Addresses that are not the public internet (RFC 6890), though a default route leads to them. Those
/// that only documents use stay out of this list: a packet to them meets a router without a route.
enum SpecialRanges {
    static let internet = [v4(0x0000_0000, 0), v6(0x2000_0000_0000_0000, 3)]

    static let all = [
        v4(0x0000_0000, 8),  // this network
        v4(0x0a00_0000, 8),  // private
        v4(0x6440_0000, 10),  // shared
        v4(0x7f00_0000, 8),  // loopback
        v4(0xa9fe_0000, 16),  // link-local, with the metadata service of clouds
        v4(0xac10_0000, 12),  // private
        v4(0xc000_0000, 24),  // protocol assignments
        v4(0xc0a8_0000, 16),  // private
        v4(0xc612_0000, 15),  // benchmarks
        v4(0xe000_0000, 4),  // multicast
        v4(0xf000_0000, 4),  // reserved, and broadcast
        v6(0x2001_0000_0000_0000, 23),  // protocol assignments
        v6(0x2002_0000_0000_0000, 16),  // 6to4, which carries IPv4 addresses
    ]

    private static func v4(_ network: UInt32, _ length: UInt8) -> IPPrefix {
        prefix(.v4(IPv4Address(bits: network)), length)
    }

    private static func v6(_ high: UInt64, _ length: UInt8) -> IPPrefix {
        prefix(.v6(IPv6Address(high: high, low: 0)), length)
    }

    private static func prefix(_ network: IPAddress, _ length: UInt8) -> IPPrefix {
        do {
            return try IPPrefix(containing: network, length: length)
        } catch {
            preconditionFailure("the lengths above are those of prefixes")
        }
    }
}
