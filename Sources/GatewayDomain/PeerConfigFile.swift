package import NetAddress
package import WireGuardCrypto

/// The text that a peer's owner feeds to a WireGuard client.
package struct PeerConfigFile: Sendable {
    package static let privateKeyPlaceholder = "<! INSERT PEER PRIVATE KEY HERE !>"
    package static let presharedKeyPlaceholder = "<! INSERT PEER PRESHARED KEY HERE !>"

    package enum PresharedKey: Sendable {
        case none
        /// The peer has one, which this reader may not see.
        case hidden
        case key(SecretKey)
    }

    /// Nil where only the owner knows it.
    package var privateKey: SecretKey?
    package var address: IPv4Address
    package var gatewayPublicKey: PublicKey
    package var presharedKey: PresharedKey
    package var allowedPrefixes: [IPPrefix]
    package var endpoint: PublicEndpoint
    /// Seconds; 0 leaves the line out.
    package var persistentKeepalive: Int

    package init(
        privateKey: SecretKey?,
        address: IPv4Address,
        gatewayPublicKey: PublicKey,
        presharedKey: PresharedKey,
        allowedPrefixes: [IPPrefix],
        endpoint: PublicEndpoint,
        persistentKeepalive: Int
    ) {
        self.privateKey = privateKey
        self.address = address
        self.gatewayPublicKey = gatewayPublicKey
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

    /// The name of the file on the device: wg-quick makes an interface of what stands before `.conf`, which
    /// has at most 15 bytes (IFNAMSIZ) of these letters.
    package static func name(for peer: String?) -> String {
        let letters = (peer ?? "").lowercased().map { letter in
            letter.isASCII && (letter.isLetter || letter.isNumber || "_=+.-".contains(letter))
                ? letter : "-"
        }
        let name = letters.drop { $0 == "-" || $0 == "." }.prefix(15)
        return (name.isEmpty ? "wg0" : String(name)) + ".conf"
    }

    /// Clients in the field search these lines, so order and spelling are part of the contract.
    package var text: String {
        var lines = ["# WGW CloudVPN config. Target OS: Linux", ""]
        lines.append("[Interface]")
        lines.append("PrivateKey = \(privateKey?.base64 ?? Self.privateKeyPlaceholder)")
        lines.append("Address = \(address)/32")
        lines.append("")
        lines.append("[Peer]")
        lines.append("PublicKey = \(gatewayPublicKey.base64)")
        switch presharedKey {
        case .none: break
        // A client refuses the placeholder. Without the line it would start, and never connect.
        case .hidden: lines.append("PresharedKey = \(Self.presharedKeyPlaceholder)")
        case .key(let key): lines.append("PresharedKey = \(key.base64)")
        }
        let allowed = allowedPrefixes.map(\.description).joined(separator: ", ")
        lines.append("AllowedIPs = \(allowed)")
        lines.append("Endpoint = \(endpoint)")
        if persistentKeepalive > 0 {
            lines.append("PersistentKeepalive = \(persistentKeepalive)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
