import NetAddress
import WireGuardCrypto

extension PeerTunnel {
    /// The text for wg-quick and for the apps of wireguard.com. Clients in the field search these lines,
    /// so order and spelling are part of the contract.
    var wgQuick: String {
        var lines = ["# WGW CloudVPN config. Target OS: Linux", ""]
        let addresses = addressPrefixes.map(\.description).joined(separator: ", ")
        lines += ["[Interface]", "PrivateKey = \(privateKeyText)", "Address = \(addresses)", ""]
        lines += peerSection
        return lines.joined(separator: "\n") + "\n"
    }

    /// The text for `wg setconf`, which knows no addresses and no routes.
    var wgSetconf: String {
        let interface = ["[Interface]", "PrivateKey = \(privateKeyText)", ""]
        return (interface + peerSection).joined(separator: "\n") + "\n"
    }

    private var peerSection: [String] {
        var lines = ["[Peer]", "PublicKey = \(gatewayPublicKey.base64)"]
        if let key = presharedKeyText { lines.append("PresharedKey = \(key)") }
        lines.append("AllowedIPs = \(allowedText(separator: ", "))")
        lines.append("Endpoint = \(endpoint)")
        if persistentKeepalive > 0 {
            lines.append("PersistentKeepalive = \(persistentKeepalive)")
        }
        return lines
    }
}
