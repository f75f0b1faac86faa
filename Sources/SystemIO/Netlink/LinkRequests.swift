package import NetAddress

/// What is changed about a network interface, as `ip link` and `ip address` do it.
extension NetlinkSocket {
    /// What is nil stays as it is.
    package func change(
        interface: UInt32,
        mtu: UInt32? = nil,
        queueLength: UInt32? = nil,
        isUp: Bool? = nil
    ) throws(SystemError) {
        let up = LinkFlag.up
        var message = NetlinkMessage(
            LinkMessage.newLink,
            flags: NetlinkMessage.Flag.acknowledge,
            fixed: Self.link(interface, flags: isUp == true ? up : 0, mask: isUp == nil ? 0 : up)
        )
        if let mtu { message.add(LinkAttribute.mtu, mtu) }
        if let queueLength { message.add(LinkAttribute.queueLength, queueLength) }
        try request(message, as: "RTM_NEWLINK")
    }

    /// The interface gets no link-local IPv6 address of its own, and so asks no router.
    package func withoutLinkLocal(interface: UInt32) throws(SystemError) {
        var message = NetlinkMessage(
            LinkMessage.newLink,
            flags: NetlinkMessage.Flag.acknowledge,
            fixed: Self.link(interface, flags: 0, mask: 0)
        )
        message.nest(LinkAttribute.families) { families in
            families.nest(UInt16(Family.v6)) { $0.add(8, [1]) }
        }
        try request(message, as: "RTM_NEWLINK")
    }

    package func deleteLink(_ interface: UInt32) throws(SystemError) {
        let message = NetlinkMessage(
            LinkMessage.deleteLink,
            flags: NetlinkMessage.Flag.acknowledge,
            fixed: Self.link(interface, flags: 0, mask: 0)
        )
        try request(message, as: "RTM_DELLINK")
    }

    /// An address of the interface and the length of its subnet; one that is there already stays.
    package func add(
        _ address: IPAddress,
        length: UInt8,
        to interface: UInt32
    ) throws(SystemError) {
        // IPv6: no other host is asked whether it has the address.
        let noDuplicateCheck: UInt8 = 0x02
        let family = Family(address)
        var message = NetlinkMessage(
            LinkMessage.newAddress,
            flags: NetlinkMessage.Flag.acknowledge | NetlinkMessage.Flag.create
                | NetlinkMessage.Flag.replace,
            fixed: [family.number, length, family.isV6 ? noDuplicateCheck : 0, 0]
                + NetlinkMessage.words(interface)
        )
        message.add(1, address.networkBytes)
        message.add(2, address.networkBytes)
        try request(message, as: "RTM_NEWADDR")
    }

    private static func link(_ interface: UInt32, flags: UInt32, mask: UInt32) -> [UInt8] {
        [0, 0, 0, 0] + NetlinkMessage.words(interface) + NetlinkMessage.words(flags)
            + NetlinkMessage.words(mask)
    }

    private enum LinkMessage {
        static let newLink: UInt16 = 16
        static let deleteLink: UInt16 = 17
        static let newAddress: UInt16 = 20
    }

    private enum LinkFlag {
        static let up: UInt32 = 1
    }

    private enum LinkAttribute {
        static let mtu: UInt16 = 4
        static let queueLength: UInt16 = 13
        static let families: UInt16 = 26
    }
}

/// AF_INET or AF_INET6, as one byte of a message.
struct Family {
    static let v4: UInt8 = 2
    static let v6: UInt8 = 10

    let number: UInt8

    var isV6: Bool { number == Self.v6 }

    init(_ address: IPAddress) {
        switch address {
        case .v4: number = Self.v4
        case .v6: number = Self.v6
        }
    }
}

extension IPAddress {
    /// As packets and messages have it.
    var networkBytes: [UInt8] {
        switch self {
        case .v4(let address): NetlinkMessage.words(address.bits.bigEndian)
        case .v6(let address):
            NetlinkMessage.words(address.high.bigEndian)
                + NetlinkMessage.words(address.low.bigEndian)
        }
    }

    /// Nil where these are neither 4 nor 16 bytes.
    init?(networkBytes bytes: ArraySlice<UInt8>) {
        switch bytes.count {
        case 4:
            guard let bits = bytes.number(at: 0, as: UInt32.self) else { return nil }
            self = .v4(IPv4Address(bits: UInt32(bigEndian: bits)))
        case 16:
            guard let high = bytes.number(at: 0, as: UInt64.self),
                let low = bytes.number(at: 8, as: UInt64.self)
            else { return nil }
            let address = IPv6Address(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
            self = .v6(address)
        default:
            return nil
        }
    }
}
