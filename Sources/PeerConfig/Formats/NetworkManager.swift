import NetAddress
import WireGuardCrypto

/// A keyfile of NetworkManager (nm-settings-keyfile(5)).
extension PeerTunnel {
    package var keyfilePath: String {
        "/etc/NetworkManager/system-connections/\(interfaceName).nmconnection"
    }

    var networkManager: String {
        var lines = ["[connection]", "id=\(Self.keyfileValue(label))", "uuid=\(peerID)"]
        lines += ["type=wireguard", "interface-name=\(interfaceName)", ""]
        lines += ["[wireguard]", "mtu=\(mtu)", "private-key=\(privateKeyText)", ""]
        lines += ["[wireguard-peer.\(gatewayPublicKey.base64)]", "endpoint=\(endpoint)"]
        if let key = presharedKeyText {
            lines += ["preshared-key=\(key)", "preshared-key-flags=0"]
        }
        if persistentKeepalive > 0 { lines.append("persistent-keepalive=\(persistentKeepalive)") }
        lines += ["allowed-ips=\(allowedText(separator: ";"));", ""]
        lines += ["[ipv4]"] + Self.numbered(addressPrefixes.filter { !$0.isIPv6 })
        lines += ["method=manual", "", "[ipv6]"]
        let addresses = Self.numbered(addressPrefixes.filter(\.isIPv6))
        // Routes of IPv6 are made only where the interface has an address to go with them.
        let without = hasIPv6 ? "method=link-local" : "method=disabled"
        lines += addresses + [addresses.isEmpty ? without : "method=manual"]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func numbered(_ addresses: [IPPrefix]) -> [String] {
        addresses.enumerated().map { "address\($0 + 1)=\($1)" }
    }

    /// A string as GKeyFile reads it: the backslash escapes, and leading blanks are dropped.
    private static func keyfileValue(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\")
        return escaped.first == " " ? "\\s" + escaped.dropFirst() : escaped
    }
}
