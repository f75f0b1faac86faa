package import GatewayDomain
package import NetAddress
package import WireGuardCrypto

/// What a peer's device has to know to connect. Each `ConfigFormat` writes this one value.
package struct PeerTunnel: Sendable {
    package enum PresharedKey: Sendable {
        case none
        /// The peer has one, which this reader may not see.
        case hidden
        case key(SecretKey)
    }

    package var peerID: PeerID
    package var peerName: String?
    package var networkName: String
    /// Nil where only the owner knows it.
    package var privateKey: SecretKey?
    package var address: IPv4Address
    /// Single addresses that lead to the device beside that one. It has to have them as its own: it answers
    /// to no other, and sends IPv6 from no other.
    package var otherAddresses: [IPAddress]
    package var mtu: Int
    package var gatewayPublicKey: PublicKey
    /// The gateway's own address inside the tunnel, which answers to pings.
    package var gatewayAddress: IPAddress
    package var presharedKey: PresharedKey
    package var allowedPrefixes: [IPPrefix]
    package var endpoint: PublicEndpoint
    /// Seconds; 0 for none.
    package var persistentKeepalive: Int

    package init(
        peerID: PeerID,
        peerName: String?,
        networkName: String,
        privateKey: SecretKey?,
        address: IPv4Address,
        otherAddresses: [IPAddress] = [],
        mtu: Int,
        gatewayPublicKey: PublicKey,
        gatewayAddress: IPAddress,
        presharedKey: PresharedKey,
        allowedPrefixes: [IPPrefix],
        endpoint: PublicEndpoint,
        persistentKeepalive: Int
    ) {
        self.peerID = peerID
        self.peerName = peerName
        self.networkName = networkName
        self.privateKey = privateKey
        self.address = address
        self.otherAddresses = otherAddresses
        self.mtu = mtu
        self.gatewayPublicKey = gatewayPublicKey
        self.gatewayAddress = gatewayAddress
        self.presharedKey = presharedKey
        self.allowedPrefixes = allowedPrefixes
        self.endpoint = endpoint
        self.persistentKeepalive = persistentKeepalive
    }

    /// What a peer may reach: every gateway subnet of its network, lowest first, the networks behind
    /// other peers, lowest first, behind them the service prefixes, in the operator's order, if its
    /// gateway leads there, and last everything.
    package static func allowedPrefixes(
        gatewaySubnets: [IPv4Prefix],
        sitePrefixes: [IPPrefix] = [],
        servicePrefixes: [IPv4Prefix],
        toEverywhere: Bool = false
    ) -> [IPPrefix] {
        gatewaySubnets.sorted().map { .v4($0) } + sitePrefixes.sorted()
            + servicePrefixes.map { .v4($0) } + (toEverywhere ? [.v4(.everything)] : [])
    }
}

/// The values as they stand in a config, in any format.
extension PeerTunnel {
    var privateKeyText: String { privateKey?.base64 ?? Placeholder.privateKey }

    /// Nil for none. A client refuses the placeholder; without the line it would start, and never
    /// connect.
    var presharedKeyText: String? {
        switch presharedKey {
        case .none: nil
        case .hidden: Placeholder.presharedKey
        case .key(let key): key.base64
        }
    }

    func allowedText(separator: String) -> String {
        allowedPrefixes.map(\.description).joined(separator: separator)
    }

    /// Each as a prefix of one address, the peer's own first.
    var addressPrefixes: [IPPrefix] {
        ([.v4(address)] + otherAddresses).map { IPPrefix($0) }
    }

    var sendsEverything: Bool { allowedPrefixes.contains(.v4(.everything)) }

    /// Whether any route is one of IPv6.
    var hasIPv6: Bool { allowedPrefixes.contains(where: \.isIPv6) }
}

extension IPPrefix {
    package var isIPv6: Bool {
        if case .v6 = self { true } else { false }
    }
}
