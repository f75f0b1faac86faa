import GatewayDomain
import NetAddress
import PeerConfig
import Testing
import WireGuardCrypto

extension PeerTunnel {
    static func example(
        peerName: String? = "laptop",
        networkName: String = "office",
        _ adjust: (inout PeerTunnel) throws -> Void = { _ in }
    ) throws -> PeerTunnel {
        var tunnel = PeerTunnel(
            peerID: try #require(PeerID("6a09e667-f3bc-4908-b2fb-1366ea957d3e")),
            peerName: peerName,
            networkName: networkName,
            privateKey: nil,
            address: try #require(IPv4Address("172.27.0.2")),
            mtu: 1_420,
            gatewayPublicKey: try #require(PublicKey(base64: ExampleKey.gateway)),
            gatewayAddress: try #require(IPAddress("172.27.0.1")),
            presharedKey: .none,
            allowedPrefixes: try ["172.27.0.0/24", "172.27.1.0/24"].map { try IPPrefix($0) },
            endpoint: PublicEndpoint(host: try #require(PublicHost("64.16.243.3")), port: 5_107),
            persistentKeepalive: 25
        )
        try adjust(&tunnel)
        return tunnel
    }

    /// With all keys, which programs want before they take a config.
    static func complete(
        peerName: String? = "laptop",
        networkName: String = "office"
    ) throws -> PeerTunnel {
        try example(peerName: peerName, networkName: networkName) {
            $0.privateKey = SecretKey(base64: ExampleKey.privateKey)
            $0.presharedKey = .key(try #require(SecretKey(base64: ExampleKey.preshared)))
        }
    }
}

enum ExampleKey {
    static let gateway = "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw="
    static let privateKey = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk="
    static let preshared = "FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE="
}

/// Names that try to leave their place in a config. A server takes none with a line break, but may
/// have one that is older than that rule.
let hostileNames = [
    #"'; reboot; '"#, #"$(reboot) `reboot` ${HOME}"#, #"\"; /system reset; #"#,
    #"ends with a backslash\"#, #"[admin] = x; y # z"#, " blanks around ", "Büro 北京 🏠",
    "two\nlines\r\n[Peer]\u{2028}third", "%i %n", "?", #"\s\n\t"#,
]
