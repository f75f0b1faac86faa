import GatewayDomain
import NetAddress

extension GatewayNode {
    /// Where the node's connections come from, where its gateways are to be found at another address, which its
    /// machine does not have. Nil where nothing speaks against the address, or nothing can be said: a name leads
    /// anywhere, and a node in the server's own private network may have a router that passes its ports on.
    func foreignSource(_ word: NodeWord) -> IPAddress? {
        guard case .address(let address) = host, word.hasAddress == false,
            let source = word.source, source != address, !source.isOfPrivateNetwork
        else { return nil }
        return source
    }
}

extension IPAddress {
    /// Whether the same address leads to different machines at different places.
    fileprivate var isOfPrivateNetwork: Bool {
        switch self {
        case .v4(let address):
            switch address.bits {
            // RFC 1122, RFC 1918, RFC 3927 and RFC 6598.
            case 0x7f00_0000...0x7fff_ffff, 0x0a00_0000...0x0aff_ffff, 0xac10_0000...0xac1f_ffff,
                0xc0a8_0000...0xc0a8_ffff, 0xa9fe_0000...0xa9fe_ffff, 0x6440_0000...0x647f_ffff:
                true
            default: false
            }
        case .v6(let address):
            // Loopback, and RFC 4193 and RFC 4291 section 2.5.6.
            isLoopback || address.high >> 57 == 0xfc >> 1 || address.high >> 54 == 0xfe80 >> 6
        }
    }
}
