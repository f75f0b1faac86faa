import GatewayDomain
import NetAddress
import PeerConfig
import Testing
import WireGuardCrypto

struct WGQuickTests {
    @Test("a peer's config has the text that WireGuard clients read")
    func text() throws {
        #expect(
            try PeerTunnel.example().config(for: .wgQuick) == """
                # WGW CloudVPN config. Target OS: Linux

                [Interface]
                PrivateKey = <! INSERT PEER PRIVATE KEY HERE !>
                Address = 172.27.0.2/32

                [Peer]
                PublicKey = \(ExampleKey.gateway)
                AllowedIPs = 172.27.0.0/24, 172.27.1.0/24
                Endpoint = 64.16.243.3:5107
                PersistentKeepalive = 25

                """
        )
    }

    @Test("a config for wg setconf has the keys and the peer, but neither address nor remark")
    func setconf() throws {
        #expect(
            try PeerTunnel.complete().config(for: .wgSetconf) == """
                [Interface]
                PrivateKey = \(ExampleKey.privateKey)

                [Peer]
                PublicKey = \(ExampleKey.gateway)
                PresharedKey = \(ExampleKey.preshared)
                AllowedIPs = 172.27.0.0/24, 172.27.1.0/24
                Endpoint = 64.16.243.3:5107
                PersistentKeepalive = 25

                """
        )
    }

    @Test("a peer's config has its private and preshared key where they are known")
    func keys() throws {
        let lines = try PeerTunnel.complete().config(for: .wgQuick).split(separator: "\n")
        #expect(lines.contains("PrivateKey = \(ExampleKey.privateKey)"))
        #expect(lines.contains("PresharedKey = \(ExampleKey.preshared)"))
        let hidden = try PeerTunnel.example { $0.presharedKey = .hidden }.config(for: .wgQuick)
        #expect(hidden.contains("PresharedKey = <! INSERT PEER PRESHARED KEY HERE !>\n"))
    }

    @Test(
        "a peer's config has no keepalive where the keepalive is zero",
        arguments: ConfigFormat.allCases
    )
    func noKeepalive(format: ConfigFormat) throws {
        let with = try PeerTunnel.example().config(for: format).lowercased()
        let without = try PeerTunnel.example { $0.persistentKeepalive = 0 }.config(for: format)
        #expect(with.contains(/persistent.?keepalive/))
        #expect(!without.lowercased().contains(/persistent.?keepalive/))
    }

    @Test("an IPv6 endpoint has brackets in a peer's config")
    func endpoint() throws {
        let host = try #require(PublicHost("2001:db8::1"))
        let tunnel = try PeerTunnel.example {
            $0.endpoint = PublicEndpoint(host: host, port: 5_000)
        }
        #expect(tunnel.config(for: .wgQuick).contains("Endpoint = [2001:db8::1]:5000\n"))
    }

    @Test(
        "a peer's config has the lowest subnet first, then the networks behind peers, and service prefixes last in the operator's order"
    )
    func allowedPrefixes() throws {
        let prefixes = PeerTunnel.allowedPrefixes(
            gatewaySubnets: try ["172.27.10.0/24", "172.27.9.0/24"].map { try IPv4Prefix($0) },
            sitePrefixes: try ["2001:db8::/48", "192.168.1.0/24"].map { try IPPrefix($0) },
            servicePrefixes: try ["192.76.120.0/24", "36.255.198.128/25"].map { try IPv4Prefix($0) }
        )
        #expect(
            prefixes.map(\.description) == [
                "172.27.9.0/24", "172.27.10.0/24", "192.168.1.0/24", "2001:db8::/48",
                "192.76.120.0/24", "36.255.198.128/25",
            ]
        )
    }

    @Test(
        "every format has the networks of IPv6 behind other peers",
        arguments: ConfigFormat.allCases
    )
    func sites(format: ConfigFormat) throws {
        let site = try IPPrefix("2001:db8:1::/48")
        let config = try PeerTunnel.example { $0.allowedPrefixes.append(site) }.config(for: format)
        #expect(config.contains("2001:db8:1::/48"))
        let asRoute: [ConfigFormat: String] = [
            .mikroTik: #"/ipv6 route add dst-address=2001:db8:1::/48 gateway="wg-office""#,
            .networkd: "[Route]\nDestination=2001:db8:1::/48\n",
            .networkManager: "[ipv6]\nmethod=link-local\n",
        ]
        #expect(config.contains(asRoute[format] ?? ""))
    }

    @Test(
        "a device gets each single address that leads to it as its own, in every format",
        arguments: ConfigFormat.allCases
    )
    func addresses(format: ConfigFormat) throws {
        let config = try PeerTunnel.example {
            $0.otherAddresses = try ["172.27.0.9", "2001:db8::9"].map {
                try #require(IPAddress($0))
            }
        }.config(for: format)
        let expected: [ConfigFormat: [String]] = [
            .wgQuick: ["Address = 172.27.0.2/32, 172.27.0.9/32, 2001:db8::9/128\n"],
            .networkd: ["Address=172.27.0.2/32\nAddress=172.27.0.9/32\nAddress=2001:db8::9/128\n"],
            .networkManager: [
                "[ipv4]\naddress1=172.27.0.2/32\naddress2=172.27.0.9/32\nmethod=manual\n",
                "[ipv6]\naddress1=2001:db8::9/128\nmethod=manual\n",
            ],
            .mikroTik: [
                #"/ip address add address=172.27.0.9/32 interface="wg-office""#,
                #"/ipv6 address add address=2001:db8::9/128 interface="wg-office" advertise=no"#,
            ],
            .openWrt: ["uci add_list network.wg_office.addresses='2001:db8::9/128'\n"],
            // It knows no addresses.
            .wgSetconf: [],
        ]
        for line in try #require(expected[format]) { #expect(config.contains(line), "\(config)") }
    }

    @Test("the private key takes the place of its placeholder", arguments: ConfigFormat.allCases)
    func fill(format: ConfigFormat) throws {
        let key = try #require(SecretKey(base64: ExampleKey.privateKey))
        let whole = try PeerTunnel.example { $0.privateKey = key }.config(for: format)
        let filled = Placeholder.fill(try PeerTunnel.example().config(for: format), with: key)
        #expect(filled == whole)
        #expect(whole.contains(ExampleKey.privateKey))
    }
}
