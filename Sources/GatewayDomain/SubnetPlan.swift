package import NetAddress

/// How a network's address block is divided: gateways take subnets, peers take addresses.
///
/// In a subnet the first address names it and the last is the broadcast address. The gateway has the
/// second, or the one between that it was given; peers have the others.
package enum SubnetPlan {
    /// 172.27.0.0/16
    package static let defaultBlock = prefix(IPv4Address(bits: 0xac1b_0000), 16)
    package static let defaultLength = 24
    /// 100.64.0.0/10, the addresses that RFC 6598 has for such translation.
    package static let defaultEgressPool = prefix(IPv4Address(bits: 0x6440_0000), 10)
    /// A /30 has room for the gateway and one peer.
    package static let longestLength = 30
    package static let blockLengths = 8...30
    /// How long a released address or subnet is not given away, while others are left: old packets and
    /// configs still name it.
    package static let quarantineSeconds: Int64 = 600
    /// The same where no other is left: packets that are on their way must not reach the next owner.
    package static let shortestQuarantineSeconds: Int64 = 10

    /// The lowest subnet of this length that none of the others touches.
    ///
    /// - Parameter last: an address below all that may be found.
    package static func lowestFreeSubnet(
        length: Int,
        in block: IPv4Prefix,
        avoiding others: [IPv4Prefix],
        behind last: IPv4Address? = nil
    ) -> IPv4Prefix? {
        guard block.length <= length, length <= longestLength else { return nil }
        let size: UInt64 = 1 << (32 - UInt64(length))
        let end = UInt64(block.lastAddress.bits) + 1
        var start = UInt64(block.firstAddress.bits)
        if let last, last >= block.firstAddress {
            start = (UInt64(last.bits) + size) / size * size
        }
        for other in others.sorted() where block.overlaps(other) {
            guard UInt64(other.firstAddress.bits) < start + size else { break }
            let behind = UInt64(other.lastAddress.bits) + 1
            if behind > start {
                start = (behind + size - 1) / size * size
            }
        }
        guard start + size <= end else { return nil }
        return prefix(IPv4Address(bits: UInt32(start)), UInt8(length))
    }

    /// The length of a gateway's subnet where the request names none.
    package static func defaultLength(in block: IPv4Prefix) -> Int {
        max(defaultLength, Int(block.length))
    }

    /// The gateway's own address: the first usable one, unless another one is given.
    package static func serverAddress(
        in subnet: IPv4Prefix,
        given: IPv4Address? = nil
    ) -> InterfaceAddress {
        do {
            return try InterfaceAddress(
                .v4(given ?? IPv4Address(bits: subnet.network.bits + 1)),
                length: subnet.length
            )
        } catch {
            preconditionFailure("an IPv4 prefix has at most 32 bits")
        }
    }

    /// What hosts can have: peers have what the gateway has not. Nil for a subnet without room for one.
    package static func peerAddresses(in subnet: IPv4Prefix) -> ClosedRange<IPv4Address>? {
        guard subnet.length <= longestLength else { return nil }
        let first = IPv4Address(bits: subnet.firstAddress.bits + 1)
        let last = IPv4Address(bits: subnet.lastAddress.bits - 1)
        return first...last
    }

    package static func peerCapacity(of subnet: IPv4Prefix) -> Int {
        max(0, Int(subnet.count) - 3)
    }

    /// Whether no address of the block has a meaning of its own to every host, such as loopback.
    package static func isUsable(_ block: IPv4Prefix) -> Bool {
        !reserved.contains(where: block.overlaps)
    }

    /// What no static route may overlap, as clients of the API know it. `reserved` is a part of it.
    package static let reservedForRoutes =
        reserved + [
            prefix(IPv4Address(bits: 0x6440_0000), 10),
            prefix(IPv4Address(bits: 0xac1b_fe00), 24),
            prefix(IPv4Address(bits: 0xc612_0000), 20),
        ]

    /// The same for networks of either family.
    package static func isUsable(_ prefix: IPPrefix) -> Bool {
        switch prefix {
        case .v4(let prefix): isUsable(prefix)
        case .v6(let prefix): !reservedIPv6.contains(where: prefix.overlaps)
        }
    }

    private static let reserved = [
        prefix(IPv4Address(bits: 0x0000_0000), 8),
        prefix(IPv4Address(bits: 0x7f00_0000), 8),
        prefix(IPv4Address(bits: 0xa9fe_0000), 16),
        prefix(IPv4Address(bits: 0xe000_0000), 3),
    ]

    /// The unspecified address, loopback and embedded IPv4 addresses; link-local; multicast.
    private static let reservedIPv6 = [
        prefix(IPv6Address(high: 0, low: 0), 8),
        prefix(IPv6Address(high: 0xfe80_0000_0000_0000, low: 0), 10),
        prefix(IPv6Address(high: 0xff00_0000_0000_0000, low: 0), 8),
    ]

    private static func prefix(_ address: IPv6Address, _ length: UInt8) -> IPv6Prefix {
        do {
            return try IPv6Prefix(containing: address, length: length)
        } catch {
            preconditionFailure("an IPv6 prefix has at most 128 bits")
        }
    }

    private static func prefix(_ address: IPv4Address, _ length: UInt8) -> IPv4Prefix {
        do {
            return try IPv4Prefix(containing: address, length: length)
        } catch {
            preconditionFailure("an IPv4 prefix has at most 32 bits")
        }
    }
}
