import GatewayDomain
import NetAddress
import Testing
import WireGuardCrypto

struct PeerConfigFileTests {
    private let gatewayKey = "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw="
    private let presharedKey = "FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE="

    @Test("a peer's config has the text that WireGuard clients read")
    func text() throws {
        #expect(
            try file().text == """
                # WGW CloudVPN config. Target OS: Linux

                [Interface]
                PrivateKey = <! INSERT PEER PRIVATE KEY HERE !>
                Address = 172.27.0.2/32

                [Peer]
                PublicKey = \(gatewayKey)
                AllowedIPs = 172.27.0.0/24, 172.27.1.0/24
                Endpoint = 64.16.243.3:5107
                PersistentKeepalive = 25

                """
        )
    }

    @Test("a peer's config has its private and preshared key where they are known")
    func keys() throws {
        var file = try file()
        file.privateKey = SecretKey(base64: gatewayKey)
        file.presharedKey = .key(try #require(SecretKey(base64: presharedKey)))
        let lines = file.text.split(separator: "\n")
        #expect(lines.contains("PrivateKey = \(gatewayKey)"))
        #expect(lines.contains("PresharedKey = \(presharedKey)"))
        file.presharedKey = .hidden
        #expect(file.text.contains("PresharedKey = <! INSERT PEER PRESHARED KEY HERE !>\n"))
    }

    @Test("a peer's config has no keepalive line where the keepalive is zero")
    func noKeepalive() throws {
        var file = try file()
        file.persistentKeepalive = 0
        #expect(!file.text.contains("PersistentKeepalive"))
    }

    @Test("an IPv6 endpoint has brackets in a peer's config")
    func endpoint() throws {
        var file = try file()
        file.endpoint = PublicEndpoint(host: try #require(PublicHost("2001:db8::1")), port: 5000)
        #expect(file.text.contains("Endpoint = [2001:db8::1]:5000\n"))
    }

    @Test(
        "a peer's config has the lowest subnet first, then the networks behind peers, and service prefixes last in the operator's order"
    )
    func allowedPrefixes() throws {
        let prefixes = PeerConfigFile.allowedPrefixes(
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

    private func file() throws -> PeerConfigFile {
        PeerConfigFile(
            privateKey: nil,
            address: try #require(IPv4Address("172.27.0.2")),
            gatewayPublicKey: try #require(PublicKey(base64: gatewayKey)),
            presharedKey: .none,
            allowedPrefixes: try ["172.27.0.0/24", "172.27.1.0/24"].map { try IPPrefix($0) },
            endpoint: PublicEndpoint(host: try #require(PublicHost("64.16.243.3")), port: 5107),
            persistentKeepalive: 25
        )
    }
}
