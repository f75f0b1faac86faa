import GatewayDomain
import NetAddress
import WireGuardCrypto

/// Commands for the terminal of RouterOS 7.
extension PeerTunnel {
    var mikroTik: String {
        let interface = Self.routerOSString(interfaceName)
        var lines = [
            Self.command(
                "/interface wireguard add",
                [
                    ("name", interface), ("mtu", "\(mtu)"),
                    ("private-key", Self.routerOSString(privateKeyText, keeping: "<!>+/=")),
                    ("comment", Self.routerOSString(label)),
                ]
            )
        ]
        var peer = [
            ("interface", interface),
            ("public-key", Self.routerOSString(gatewayPublicKey.base64, keeping: "+/=")),
            ("endpoint-address", "\(endpoint.host)"), ("endpoint-port", "\(endpoint.port)"),
            ("allowed-address", allowedText(separator: ",")),
        ]
        if let key = presharedKeyText {
            peer.append(("preshared-key", Self.routerOSString(key, keeping: "<!>+/=")))
        }
        if persistentKeepalive > 0 {
            peer.append(("persistent-keepalive", "\(persistentKeepalive)s"))
        }
        lines.append(Self.command("/interface wireguard peers add", peer))
        for prefix in addressPrefixes {
            lines.append(
                Self.command(
                    prefix.isIPv6 ? "/ipv6 address add" : "/ip address add",
                    [("address", "\(prefix)"), ("interface", interface)]
                        // The router would announce the prefix to hosts there.
                        + (prefix.isIPv6 ? [("advertise", "no")] : [])
                )
            )
        }
        for prefix in allowedPrefixes where prefix != .v4(.everything) {
            lines.append(
                Self.command(
                    prefix.isIPv6 ? "/ipv6 route add" : "/ip route add",
                    [("dst-address", "\(prefix)"), ("gateway", interface)]
                )
            )
        }
        if sendsEverything { lines += everythingRemark(interface) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The router's way to the endpoint is not known here, and without a route of its own the tunnel would
    /// be sent into itself.
    private func everythingRemark(_ interface: String) -> [String] {
        [
            "# To send everything through the tunnel, first give \(endpoint.host) a route of its own"
                + " through your provider's gateway, then:",
            "# /ip route add dst-address=0.0.0.0/0 gateway=\(interface)",
        ]
    }

    private static func command(_ verb: String, _ arguments: [(String, String)]) -> String {
        verb + arguments.map { " \($0.0)=\($0.1)" }.joined()
    }

    /// A quoted string in which all but letters, digits and a few signs are hexadecimal escapes of
    /// their UTF-8 bytes: `$`, brackets, quotes, backslashes and `?` mean something to the console.
    private static func routerOSString(_ text: String, keeping signs: String = "") -> String {
        let plain = Set(" ()-._\(signs)".utf8)
        let letters = text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            if scalar.isASCII,
                scalar.properties.isAlphabetic || plain.contains(byte)
                    || ("0"..."9").contains(scalar)
            {
                return String(Character(scalar))
            }
            let digits = String(byte, radix: 16, uppercase: true)
            return (byte < 16 ? "\\0" : "\\") + digits
        }
        return "\"\(letters.joined())\""
    }
}
