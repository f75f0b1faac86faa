package import NetAddress

/// What private services may be, wherever they are written down.
package struct PrivateServiceRules: Sendable {
    package static let mostServices = 100
    package static let mostPrefixes = 64
    package static let mostPorts = 32
    package static let mostOrganizations = 1_000

    /// Where clients find the gateways.
    let publicHost: PublicHost
    /// Addresses behind the host, where it is a name; empty where they are not known.
    let publicAddresses: [IPv4Address]
    /// What gateways are to the outside of their node.
    let egressPool: IPv4Prefix

    package init(
        publicHost: PublicHost,
        publicAddresses: [IPv4Address] = [],
        egressPool: IPv4Prefix
    ) {
        self.publicHost = publicHost
        self.publicAddresses =
            if case .address(.v4(let address)) = publicHost { [address] } else { publicAddresses }
        self.egressPool = egressPool
    }

    /// The address of the prefix at which clients find the gateways; nil where it holds none.
    package func endpoint(in prefix: IPv4Prefix) -> IPv4Address? {
        publicAddresses.first(where: prefix.contains)
    }

    /// What is wrong with a prefix of a service. It completes the sentence "This value …".
    ///
    /// - Parameter others: services that it must not overlap.
    package func objection(
        to prefix: IPv4Prefix,
        allowsPrivate: Bool,
        beside others: [PrivateService]
    ) -> FieldProblem.Reason? {
        if prefix.length == 0 {
            return .invalid(
                "must not be everything; an internet gateway gives a network the whole internet"
            )
        }
        if let reserved = Self.neverServed.first(where: prefix.overlaps) {
            return .invalid("overlaps \(reserved), addresses that no service can have")
        }
        if prefix.overlaps(egressPool) {
            return .invalid(
                "overlaps \(egressPool), which the server gives gateways (the setting egress-pool)"
            )
        }
        if let address = endpoint(in: prefix) {
            return .invalid(
                "contains \(address), where the gateways are: their packets would go round in circles"
            )
        }
        if !allowsPrivate, let inner = Self.privateOnly.first(where: prefix.overlaps) {
            return .invalid(
                """
                overlaps \(inner), addresses for use inside of networks; set allow_private_prefixes \
                where the service really has one
                """
            )
        }
        for other in others {
            guard let overlapped = other.prefixes.first(where: prefix.overlaps) else { continue }
            return .taken("overlaps \(overlapped) of the private service \(other.name)")
        }
        return nil
    }

    /// Whether an address is one of the public internet: what an internet gateway leads to.
    package func isPublic(_ address: IPAddress) -> Bool {
        guard case .v4(let address) = address else { return false }
        let others = Self.neverServed + Self.privateOnly + Self.neverPublic + [egressPool]
        return !others.contains { $0.contains(address) }
            && !publicAddresses.contains(address)
    }

    /// "This network", loopback, multicast and the reserved rest.
    private static let neverServed = prefixes([
        (0x0000_0000, 8), (0x7f00_0000, 8), (0xe000_0000, 3),
    ])

    /// RFC 1918, shared addresses (RFC 6598) and link-local ones, where clouds keep their metadata.
    private static let privateOnly = prefixes([
        (0x0a00_0000, 8), (0xac10_0000, 12), (0xc0a8_0000, 16), (0x6440_0000, 10),
        (0xa9fe_0000, 16),
    ])

    /// Protocol assignments and benchmarks (RFC 6890): a service may have them, and no host of the internet does.
    private static let neverPublic = prefixes([(0xc000_0000, 24), (0xc612_0000, 15)])

    private static func prefixes(_ list: [(bits: UInt32, length: UInt8)]) -> [IPv4Prefix] {
        list.map { bits, length in
            do {
                return try IPv4Prefix(containing: IPv4Address(bits: bits), length: length)
            } catch {
                preconditionFailure("an IPv4 prefix has at most 32 bits")
            }
        }
    }
}
