import APIContract
import GatewayDomain
import GatewayService
import JSON
import NetAddress
import ServiceTestSupport
import Testing
import WireGuardCrypto

struct ConfigTests {
    @Test("a peer's config names the gateway and every subnet of its network, lowest first")
    func config() async throws {
        let bench = try await ServiceFixture()
        let network = try await bench.network()
        _ = try await bench.gateway(in: bench.network())
        let gateway = try await bench.gateway(in: network) {
            $0.subnet = .value(try IPv4Prefix("172.27.10.0/24"))
        }
        _ = try await bench.gateway(in: network) {
            $0.subnet = .value(try IPv4Prefix("172.27.9.0/24"))
        }
        let peer = try await bench.peer(of: gateway).peer
        let text = try await bench.services.renderPeerConfig(
            peer.id,
            fullTunnel: true,
            by: bench.caller
        )
        #expect(
            text == """
                # WGW CloudVPN config. Target OS: Linux

                [Interface]
                PrivateKey = <! INSERT PEER PRIVATE KEY HERE !>
                Address = 172.27.10.2/32

                [Peer]
                PublicKey = \(gateway.publicKey.base64)
                AllowedIPs = 172.27.9.0/24, 172.27.10.0/24
                Endpoint = 203.0.113.7:5001
                PersistentKeepalive = 25

                """
        )
    }

    @Test(
        "in a config the peer's keepalive counts before the gateway's, and that before the installation's"
    )
    func keepalive() async throws {
        let bench = try await ServiceFixture { $0.defaultPersistentKeepalive = 30 }
        let network = try await bench.network()
        let plain = try await bench.gateway(in: network)
        let own = try await bench.gateway(in: network) { $0.persistentKeepalive = .value(10) }
        let peers = [
            try await bench.peer(of: plain).peer,
            try await bench.peer(of: own).peer,
            try await bench.peer(of: own) { $0.persistentKeepalive = .value(1) }.peer,
            try await bench.peer(of: own) { $0.persistentKeepalive = .value(0) }.peer,
        ]
        var lines: [String?] = []
        for peer in peers {
            let text = try await bench.services.renderPeerConfig(
                peer.id,
                fullTunnel: false,
                by: bench.caller
            )
            let line = text.split(separator: "\n").first { $0.hasPrefix("PersistentKeepalive") }
            lines.append(line.map(String.init))
        }
        #expect(
            lines == [
                "PersistentKeepalive = 30", "PersistentKeepalive = 10", "PersistentKeepalive = 1",
                nil,
            ]
        )
    }

    @Test("a peer's config has service prefixes only with SIP trunking")
    func sipTrunking() async throws {
        let service = try IPv4Prefix("192.76.120.0/24")
        let bench = try await ServiceFixture { $0.sipTrunkingPrefixes = [service] }
        let network = try await bench.network()
        let plain = try await bench.gateway(in: network)
        let trunking = try await bench.gateway(in: network) {
            $0.enablesSIPTrunking = .value(true)
        }
        for (gateway, isExpected) in [(plain, false), (trunking, true)] {
            let peer = try await bench.peer(of: gateway).peer
            let text = try await bench.services.renderPeerConfig(
                peer.id,
                fullTunnel: false,
                by: bench.caller
            )
            #expect(text.contains(", 192.76.120.0/24\n") == isExpected)
        }
    }
}
