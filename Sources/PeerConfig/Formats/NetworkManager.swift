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
        lines += ["[ipv4]", "address1=\(address)/32", "method=manual", ""]
        // Routes of IPv6 are made only where the interface has an address to go with them.
        lines += ["[ipv6]", hasIPv6 ? "method=link-local" : "method=disabled"]
        return lines.joined(separator: "\n") + "\n"
    }

    /// A string as GKeyFile reads it: the backslash escapes, and leading blanks are dropped.
    private static func keyfileValue(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\")
        return escaped.first == " " ? "\\s" + escaped.dropFirst() : escaped
    }
}
