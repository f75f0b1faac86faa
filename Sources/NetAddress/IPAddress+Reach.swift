extension IPAddress {
    /// What keeps other hosts from sending to this address, as the end of a sentence that begins with
    /// it; nil where nothing does. Loopback is reached by its own host, which may be all that is wanted.
    public var obstacle: String? {
        switch self {
        case .v4(let address): address.obstacle
        case .v6(let address): address.obstacle
        }
    }
}

extension IPv4Address {
    fileprivate var obstacle: String? {
        switch bits {
        // RFC 6890: "this network", which sockets take for all addresses.
        case 0x0000_0000...0x00ff_ffff: "stands for no single host"
        case 0xa9fe_0000...0xa9fe_ffff:
            "is a link-local address, which leads no further than one wire"
        case 0xe000_0000...0xefff_ffff: "is a multicast address"
        case 0xffff_ffff: "is the broadcast address"
        default: nil
        }
    }
}

extension IPv6Address {
    fileprivate var obstacle: String? {
        if high == 0, low == 0 { return "stands for no single host" }
        if let mappedIPv4 { return "is an IPv4 address in disguise; write \(mappedIPv4)" }
        if high >> 54 == 0xfe80 >> 6 {
            return "is a link-local address, which leads no further than one wire"
        }
        if high >> 56 == 0xff { return "is a multicast address" }
        return nil
    }
}
