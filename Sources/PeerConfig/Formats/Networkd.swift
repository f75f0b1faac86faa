import NetAddress
import WireGuardCrypto

/// Two files for systemd-networkd (systemd.netdev(5), systemd.network(5)), one behind the other. Each
/// begins with a comment that has its path.
extension PeerTunnel {
    /// The table and the mark that keep the tunnel's own datagrams out of the tunnel when everything else
    /// goes into it: the number that wg-quick takes.
    private static let ownTable = 51_820

    package var netdevPath: String { "/etc/systemd/network/50-\(interfaceName).netdev" }
    package var networkPath: String { "/etc/systemd/network/50-\(interfaceName).network" }

    var networkd: String { netdev + "\n" + network }

    private var netdev: String {
        var lines = [
            "# \(netdevPath)", "# Mode 0640, group systemd-network, as it holds the private key.",
        ]
        lines += ["[NetDev]", "Name=\(interfaceName)", "Kind=wireguard"]
        // A backslash at the end of a line would join the next one to it, so a word of ours stands there.
        lines += ["Description=\(label) over WireGuard", "MTUBytes=\(mtu)", ""]
        lines += ["[WireGuard]", "PrivateKey=\(privateKeyText)"]
        if sendsEverything { lines.append("FirewallMark=\(Self.ownTable)") }
        lines += ["", "[WireGuardPeer]", "PublicKey=\(gatewayPublicKey.base64)"]
        if let key = presharedKeyText { lines.append("PresharedKey=\(key)") }
        lines.append("AllowedIPs=\(allowedText(separator: ","))")
        lines.append("Endpoint=\(endpoint)")
        if persistentKeepalive > 0 { lines.append("PersistentKeepalive=\(persistentKeepalive)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private var network: String {
        var lines = ["# \(networkPath)", "[Match]", "Name=\(interfaceName)", ""]
        lines += ["[Network]"] + addressPrefixes.map { "Address=\($0)" }
        for prefix in allowedPrefixes {
            lines += ["", "[Route]", "Destination=\(prefix)"]
            // Routes of IPv6 have none.
            if !prefix.isIPv6 { lines.append("Scope=link") }
            if prefix == .v4(.everything) { lines.append("Table=\(Self.ownTable)") }
        }
        if sendsEverything { lines += Self.rulesForEverything }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The main table first, but for its default route; then the tunnel, but for what the tunnel sends.
    private static let rulesForEverything = [
        "", "[RoutingPolicyRule]", "Priority=9", "Table=main", "SuppressPrefixLength=0", "",
        "[RoutingPolicyRule]", "Priority=10", "FirewallMark=\(ownTable)", "InvertRule=true",
        "Table=\(ownTable)",
    ]
}
