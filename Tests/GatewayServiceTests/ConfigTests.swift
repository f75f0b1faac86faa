import APIContract
import GatewayDomain
import GatewayService
import JSON
import NetAddress
import PeerConfig
import ServiceTestSupport
import Testing
import WireGuardCrypto

struct ConfigTests {
    @Test("a peer's config names the gateway and every subnet of its network, lowest first")
    func config() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        _ = try await fixture.gateway(in: fixture.network())
        let gateway = try await fixture.gateway(in: network) {
            $0.subnet = .value(try IPv4Prefix("172.27.10.0/24"))
        }
        _ = try await fixture.gateway(in: network) {
            $0.subnet = .value(try IPv4Prefix("172.27.9.0/24"))
        }
        let peer = try await fixture.peer(of: gateway).peer
        let text = try await fixture.configText(of: peer, fullTunnel: true)
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

    @Test("a peer's config has the single addresses that can be the device itself as its own")
    func addresses() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: try await fixture.network())
        let prefixes = try ["172.27.0.9/32", "192.168.10.7/32", "fd00::9/128", "fd00:1::/64"].map {
            Field<IPPrefix>.value(try IPPrefix($0))
        }
        let peer = try await fixture.peer(of: gateway) { $0.allowedIPs = .value(prefixes) }.peer
        let text = try await fixture.configText(of: peer)
        #expect(text.contains("\nAddress = 172.27.0.2/32, 172.27.0.9/32, fd00::9/128\n"), "\(text)")
    }

    @Test(
        "in a config the peer's keepalive counts before the gateway's, and that before the installation's"
    )
    func keepalive() async throws {
        let fixture = try await ServiceFixture { $0.defaultPersistentKeepalive = 30 }
        let network = try await fixture.network()
        let plain = try await fixture.gateway(in: network)
        let own = try await fixture.gateway(in: network) { $0.persistentKeepalive = .value(10) }
        let peers = [
            try await fixture.peer(of: plain).peer,
            try await fixture.peer(of: own).peer,
            try await fixture.peer(of: own) { $0.persistentKeepalive = .value(1) }.peer,
            try await fixture.peer(of: own) { $0.persistentKeepalive = .value(0) }.peer,
        ]
        var lines: [String?] = []
        for peer in peers {
            let text = try await fixture.configText(of: peer, fullTunnel: false)
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
        let fixture = try await ServiceFixture()
        _ = try await fixture.privateService("sip", ["192.76.120.0/24"])
        let network = try await fixture.network()
        let plain = try await fixture.gateway(in: network)
        let trunking = try await fixture.gateway(in: network) {
            $0.enablesSIPTrunking = .value(true)
        }
        for (gateway, isExpected) in [(plain, false), (trunking, true)] {
            let peer = try await fixture.peer(of: gateway).peer
            let text = try await fixture.configText(of: peer, fullTunnel: false)
            #expect(text.contains(", 192.76.120.0/24\n") == isExpected)
        }
    }
}

extension ServiceFixture {
    /// For wg-quick.
    func configText(of peer: Peer, fullTunnel: Bool = false) async throws -> String {
        try await controlPlane.readPeerTunnel(peer.id, fullTunnel: fullTunnel, by: caller)
            .config(for: .wgQuick)
    }
}
