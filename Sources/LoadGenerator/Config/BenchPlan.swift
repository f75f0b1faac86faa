package import NetAddress

/// What `wgw-bench config` writes: a hub with two peers to a pair, who has which address, and which
/// wider prefixes lie around them so that the routing table is as full as a real one.
package struct BenchPlan {
    static let maximumPairs = 1 << 20
    static let maximumExtraRoutes = 4096
    /// The shared address space of RFC 6598, which no peer lies in.
    private static let extraSpace: UInt32 = 0x6440_0000

    package let pairs: Int
    package let listenPort: UInt16
    package let subnet: IPv4Prefix
    package let extraRoutes: Int

    package init(
        pairs: Int,
        listenPort: UInt16,
        subnet: IPv4Prefix,
        extraRoutes: Int = 0
    ) throws(LoadError) {
        guard (1...Self.maximumPairs).contains(pairs) else {
            throw LoadError("--pairs takes 1 to \(Self.maximumPairs)")
        }
        guard (0...Self.maximumExtraRoutes).contains(extraRoutes) else {
            throw LoadError("--extra-routes takes 0 to \(Self.maximumExtraRoutes)")
        }
        let needed = 2 * pairs + 1
        guard listenPort > 0 else { throw LoadError("--listen-port takes 1 to 65535") }
        // The network's own address and the broadcast address are not given to a peer.
        guard subnet.count >= UInt64(needed + 2) else {
            throw LoadError(
                "\(subnet) has too few addresses for \(2 * pairs) peers and the gateway;"
                    + " give a --subnet of \(needed) usable addresses"
            )
        }
        self.pairs = pairs
        self.listenPort = listenPort
        self.subnet = subnet
        self.extraRoutes = extraRoutes
        for number in 0..<extraRoutes where extraRoute(number).overlaps(subnet) {
            throw LoadError("\(subnet) overlaps 100.64.0.0/10, where the extra routes lie")
        }
    }

    package var peerCount: Int { 2 * pairs }

    package var gatewayAddress: IPv4Address { address(0) }

    package func address(ofPeer number: Int) -> IPv4Address { address(number + 1) }

    /// The extra routes of this peer: they are spread evenly.
    func extraRoutes(ofPeer number: Int) -> [IPv4Prefix] {
        // The owner of route r is r * peerCount / extraRoutes.
        let first = (number * extraRoutes + peerCount - 1) / peerCount
        let next = ((number + 1) * extraRoutes + peerCount - 1) / peerCount
        return (first..<next).map { extraRoute($0) }
    }

    /// Prefixes of /22, /23 and /24, one in each block of 1024 addresses.
    private func extraRoute(_ number: Int) -> IPv4Prefix {
        let network = IPv4Address(bits: Self.extraSpace + UInt32(number) << 10)
        do {
            return try IPv4Prefix(network, length: UInt8(22 + number % 3))
        } catch {
            preconditionFailure("\(network) has host bits")
        }
    }

    private func address(_ number: Int) -> IPv4Address {
        IPv4Address(bits: subnet.network.bits + 1 + UInt32(number))
    }
}
