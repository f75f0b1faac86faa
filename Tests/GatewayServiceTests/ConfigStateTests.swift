import GatewayDomain
import GatewayService
import GatewayStore
import JSON
import NetAddress
import PeerConfig
import ServiceTestSupport
import Testing
import TunnelTestSupport
import WireGuardCrypto

/// Every source of what a config file says, and much that is none.
struct ConfigStateTests {
    @Test("a peer's config file is never fetched, then current, then outdated by a change")
    func states() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        let peer = try await fixture.peer(of: gateway).peer
        #expect(peer.config.state == .neverFetched)
        #expect(try await fixture.config(of: peer) == peer.config)
        try await fixture.fetch(peer)
        #expect(try await fixture.config(of: peer).state == .current)
        let changed = try await fixture.change(peer) { _ in }
        #expect(changed.config.state == .outdated)
        #expect(try await fixture.config(of: peer) == changed.config)
        try await fixture.fetch(peer)
        let fetched = try await fixture.config(of: peer)
        #expect(fetched.state == .current)
        #expect(fetched.revision == changed.config.revision)
    }

    @Test("the revision of a config file grows when the file changes, and stays when it does not")
    func sources() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let gateway = try await fixture.gateway(in: network)
        let peer = try await fixture.peer(of: gateway).peer
        try await fixture.fetch(peer)
        var second: Gateway?
        var other: Peer?
        let steps: [(String, () async throws -> Void)] = [
            ("new key pair", { _ = try await fixture.change(peer) { _ in } }),
            (
                "public key",
                {
                    let key = PublicKey.random()
                    _ = try await fixture.change(peer) { $0.publicKey = .value(key) }
                }
            ),
            ("name", { _ = try await fixture.change(peer) { $0.name = .value("laptop") } }),
            (
                "keepalive",
                { _ = try await fixture.change(peer) { $0.persistentKeepalive = .value(5) } }
            ),
            (
                "same keepalive",
                { _ = try await fixture.change(peer) { $0.persistentKeepalive = .value(5) } }
            ),
            (
                "preshared key",
                { _ = try await fixture.change(peer) { $0.presharedKey = .value(.make) } }
            ),
            (
                "no preshared key",
                { _ = try await fixture.change(peer) { $0.presharedKey = .null } }
            ),
            ("still none", { _ = try await fixture.change(peer) { $0.presharedKey = .null } }),
            ("another peer", { _ = try await fixture.peer(of: gateway) }),
            ("another gateway", { second = try await fixture.gateway(in: network) }),
            (
                "a gateway less",
                {
                    let id = try #require(second).id
                    _ = try await fixture.controlPlane.deleteGateway(id, by: fixture.caller)
                }
            ),
            (
                "keepalive of the gateway, which the peer's own one hides",
                { try await fixture.change(gateway) { $0.persistentKeepalive = .value(7) } }
            ),
            (
                "no keepalive",
                { _ = try await fixture.change(peer) { $0.persistentKeepalive = .null } }
            ),
            (
                "keepalive of the gateway",
                { try await fixture.change(gateway) { $0.persistentKeepalive = .value(8) } }
            ),
            (
                "name of the gateway",
                { try await fixture.change(gateway) { $0.name = .value("g") } }
            ),
            (
                "another peer with a network behind it",
                {
                    let site = try IPPrefix("192.168.10.0/24")
                    other = try await fixture.peer(of: gateway) {
                        $0.allowedIPs = .value([.value(site)])
                    }.peer
                }
            ),
            (
                "that peer less",
                {
                    let id = try #require(other).id
                    _ = try await fixture.controlPlane.perform(.deletePeer(id), by: fixture.caller)
                }
            ),
            (
                "address",
                {
                    let address = try #require(IPv4Address("172.27.0.77"))
                    _ = try await fixture.change(peer) { $0.address = .value(address) }
                }
            ),
            ("another network", { _ = try await fixture.gateway(in: fixture.network()) }),
            ("an exit", { try await fixture.makeExit(of: network, by: gateway) }),
        ]
        for (name, step) in steps {
            let before = (try await fixture.config(of: peer), try await fixture.text(of: peer))
            try await step()
            let after = (try await fixture.config(of: peer), try await fixture.text(of: peer))
            let isKeyChange = name.contains("public key") || name.contains("key pair")
            let hasChanged = before.1 != after.1 || isKeyChange
            #expect((after.0.revision > before.0.revision) == hasChanged, "\(name)")
            #expect(after.0.revision >= before.0.revision, "\(name)")
        }
    }

    @Test("a way out of the network changes the files that send everything through the tunnel only")
    func exits() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let gateway = try await fixture.gateway(in: network)
        let plain = try await fixture.peer(of: gateway).peer
        let full = try await fixture.peer(of: gateway).peer
        try await fixture.fetch(plain)
        try await fixture.fetch(full, fullTunnel: true)
        try await fixture.makeExit(of: network, by: gateway)
        #expect(try await fixture.config(of: plain).state == .current)
        let outdated = try await fixture.config(of: full)
        #expect(outdated.state == .outdated)
        // The other kind of file has an older revision: the peer's must not become smaller with it.
        try await fixture.fetch(full)
        let fetched = try await fixture.config(of: full)
        #expect(fetched.state == .current)
        #expect(fetched.revision == outdated.revision)
        try await fixture.fetch(full, fullTunnel: true)
        _ = try await fixture.controlPlane.perform(
            .deleteDefaultGateway(of: network.id),
            by: fixture.caller
        )
        #expect(try await fixture.config(of: full).state == .outdated)
        #expect(try await fixture.config(of: plain).state == .current)
    }

    @Test("what a start with other settings changes in config files makes these outdated")
    func settings() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let plain = try await fixture.gateway(in: network)
        let own = try await fixture.gateway(in: network) { $0.persistentKeepalive = .value(9) }
        let trunking = try await fixture.gateway(in: network) {
            $0.persistentKeepalive = .value(9)
            $0.enablesSIPTrunking = .value(true)
        }
        let peers = [
            try await fixture.peer(of: plain).peer,
            try await fixture.peer(of: plain) { $0.persistentKeepalive = .value(3) }.peer,
            try await fixture.peer(of: own).peer, try await fixture.peer(of: trunking).peer,
        ]
        let configured = try ServiceTerms.all(
            of: [NewPrivateService(reading: ["name": "sip", "prefixes": ["192.76.120.0/24"]])],
            by: fixture.settings.serviceRules,
            in: ["local"]
        )
        let name = try #require(PublicHost("vpn.example.com"))
        let starts: [(String, (inout InstallationSettings) -> Void, [Bool])] = [
            ("the same", { _ in }, [false, false, false, false]),
            ("keepalive", { $0.defaultPersistentKeepalive = 40 }, [true, false, false, false]),
            ("services", { $0.privateServices = configured }, [false, false, false, true]),
            (
                "description", { $0.privateServices[0].description = "Calls" },
                [false, false, false, false]
            ),
            ("no services", { $0.privateServices = [] }, [false, false, false, true]),
            ("endpoint", { $0.publicHost = name }, [true, true, true, true]),
        ]
        var settings = fixture.settings
        for (what, adjust, expected) in starts {
            for peer in peers { try await fixture.fetch(peer) }
            adjust(&settings)
            let started = ControlPlane(
                store: fixture.store,
                settings: settings,
                masterKey: fixture.masterKey,
                now: { fixture.clock.now() }
            )
            _ = try await started.prepareInstallation(firstKey: nil)
            var outdated: [Bool] = []
            for peer in peers {
                outdated.append(try await fixture.config(of: peer).state == .outdated)
            }
            #expect(outdated == expected, "\(what)")
        }
    }
}

extension ServiceFixture {
    fileprivate func config(of peer: Peer) async throws -> PeerConfigStatus {
        try await controlPlane.showPeer(peer.id, by: caller).config
    }

    fileprivate func text(of peer: Peer) async throws -> String {
        try await controlPlane.readPeerTunnel(
            peer.id,
            fullTunnel: false,
            isFetch: false,
            by: caller
        ).config(for: .wgQuick)
    }

    fileprivate func fetch(_ peer: Peer, fullTunnel: Bool = false) async throws {
        _ = try await controlPlane.readPeerTunnel(peer.id, fullTunnel: fullTunnel, by: caller)
    }

    fileprivate func change(
        _ peer: Peer,
        _ adjust: (inout PeerChange) -> Void
    ) async throws -> Peer {
        var change = PeerChange()
        adjust(&change)
        return try await controlPlane.perform(.updatePeer(peer.id, change), by: caller).peer
    }

    fileprivate func change(
        _ gateway: Gateway,
        _ adjust: (inout GatewayChange) -> Void
    ) async throws {
        var change = GatewayChange()
        adjust(&change)
        _ = try await controlPlane.perform(.updateGateway(gateway.id, change), by: caller)
    }

    fileprivate func makeExit(of network: Network, by gateway: Gateway) async throws {
        var request = NewDefaultGateway()
        request.peerID = .value(try await peer(of: gateway).peer.id)
        _ = try await controlPlane.perform(
            .createDefaultGateway(of: network.id, request),
            by: caller
        )
    }
}
