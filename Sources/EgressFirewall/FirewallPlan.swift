package import NetAddress

/// What the kernel is to let through between the TUN device and the others. The engine judges every
/// packet by its gateway; this holds for all gateways together, should the engine be wrong.
package struct FirewallPlan: Equatable, Sendable {
    /// The name of the TUN device.
    package var device: String
    /// The ranges of the gateways with egress: no other source may leave.
    package var mapped: [IPv4Prefix]
    /// The whole pool, which is reachable only where a service says so, like private addresses.
    package var pool: IPv4Prefix
    /// What is reachable whatever kind of address it is.
    package var services: [IPv4Prefix]
    /// Whether all public addresses are reachable besides.
    package var hasInternet: Bool
    /// In whose name packets leave for the internet: an address of this machine. Nil for that of the interface
    /// through which they leave, as it is for packets to services.
    package var publicAddress: IPv4Address?

    package init(
        device: String,
        mapped: [IPv4Prefix],
        pool: IPv4Prefix,
        services: [IPv4Prefix],
        hasInternet: Bool,
        publicAddress: IPv4Address? = nil
    ) {
        self.device = device
        self.mapped = mapped
        self.pool = pool
        self.services = services
        self.hasInternet = hasInternet
        self.publicAddress = publicAddress
    }

    /// RFC 6890 and later: what is not one host on the public internet. The documentation's networks are
    /// not among them: to a node they are as public as any.
    package static let notPublic: [IPv4Prefix] = [
        prefix(0, 0, 0, 8), prefix(10, 0, 0, 8), prefix(100, 64, 0, 10), prefix(127, 0, 0, 8),
        // With the metadata service of clouds, 169.254.169.254.
        prefix(169, 254, 0, 16), prefix(172, 16, 0, 12), prefix(192, 0, 0, 24),
        prefix(192, 168, 0, 16), prefix(198, 18, 0, 15), prefix(224, 0, 0, 3),
    ]

    private static func prefix(
        _ first: UInt32,
        _ second: UInt32,
        _ third: UInt32,
        _ length: UInt8
    ) -> IPv4Prefix {
        let address = IPv4Address(bits: first << 24 | second << 16 | third << 8)
        guard let prefix = try? IPv4Prefix(address, length: length) else {
            preconditionFailure("the table has a prefix with host bits")
        }
        return prefix
    }
}
