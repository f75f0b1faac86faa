import GatewayDomain
import NetAddress
import WireGuardCrypto

/// Commands for the shell of OpenWrt, which write the interface into /etc/config/network. Given a second
/// time they write the same: the sections of before are deleted first.
extension PeerTunnel {
    var openWrt: String {
        let interface = "network.\(sectionName)"
        let peer = "network.\(sectionName)_gateway"
        var lines = ["uci -q delete \(interface)", "uci -q delete \(peer)"]
        lines += [
            Self.set(interface, "interface"), Self.set("\(interface).proto", "wireguard"),
            Self.set("\(interface).private_key", privateKeyText),
            Self.set("\(interface).mtu", "\(mtu)"),
        ]
        lines += addressPrefixes.map { Self.add("\(interface).addresses", "\($0)") }
        lines += [
            Self.set(peer, "wireguard_\(sectionName)"),
            Self.set("\(peer).description", label),
            Self.set("\(peer).public_key", gatewayPublicKey.base64),
        ]
        if let key = presharedKeyText { lines.append(Self.set("\(peer).preshared_key", key)) }
        lines += [
            Self.set("\(peer).endpoint_host", "\(endpoint.host)"),
            Self.set("\(peer).endpoint_port", "\(endpoint.port)"),
        ]
        if persistentKeepalive > 0 {
            lines.append(Self.set("\(peer).persistent_keepalive", "\(persistentKeepalive)"))
        }
        lines.append(Self.set("\(peer).route_allowed_ips", "1"))
        lines += allowedPrefixes.map { Self.add("\(peer).allowed_ips", "\($0)") }
        lines += ["uci commit network", "ifup \(sectionName)"]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func set(_ option: String, _ value: String) -> String {
        "uci set \(option)=\(value.quotedForShell)"
    }

    private static func add(_ list: String, _ value: String) -> String {
        "uci add_list \(list)=\(value.quotedForShell)"
    }
}
