import GatewayDomain
import GatewayService
import JSON
import NetAddress
import NodeProtocol
import ServiceTestSupport
import Testing
import TunnelTestSupport
import WireGuardCrypto

@testable import APIContract

struct PeerTests {
    @Test("a change of one member of a peer keeps the peer's key, whichever member it is")
    func changeKeepsKey() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        let peer = try await fixture.peer(of: gateway).peer
        let names = PeerChange.contract.members.map(\.name).filter { $0 != "public_key" }
        #expect(names.count >= 3)
        for name in names {
            let change = PeerChange(reading: [name: .null])
            let changed = try await fixture.controlPlane.perform(
                .updatePeer(peer.id, change),
                by: fixture.caller
            )
            #expect(changed.peer.publicKey == peer.publicKey, "\(name)")
            #expect(changed.privateKey == nil, "\(name)")
        }
    }

    @Test("for a peer without a public key a key pair is made, and its private key answered once")
    func madeKey() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        let created = try await fixture.peer(of: gateway) { $0.name = .value("laptop") }
        let privateKey = try #require(created.privateKey)
        #expect(X25519.publicKey(of: privateKey) == created.peer.publicKey)
        #expect(created.presharedKey == nil)
        #expect(created.peer.address.description == "172.27.0.2")
        #expect(created.peer.name == "laptop")
        #expect(created.peer.activity == PeerActivity())
        #expect(
            try await fixture.controlPlane.showPeer(created.peer.id, by: fixture.caller)
                == created.peer
        )
        let shown = try await fixture.controlPlane.showGateway(gateway.id, by: fixture.caller)
        #expect(shown.activity.peersCount == 1)
    }

    @Test("a peer created with a public key has no private key in its answer")
    func givenKey() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        let key = PublicKey.random()
        let created = try await fixture.peer(of: gateway) { $0.publicKey = .value(key) }
        #expect(created.privateKey == nil)
        #expect(created.peer.publicKey == key)
    }

    @Test("a gateway has each public key once, and another gateway may have it too")
    func duplicateKey() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let gateway = try await fixture.gateway(in: network)
        let other = try await fixture.gateway(in: network)
        let key = PublicKey.random()
        let first = try await fixture.peer(of: gateway) { $0.publicKey = .value(key) }
        await #expect(throws: ServiceError.duplicatePublicKey) {
            _ = try await fixture.peer(of: gateway) { $0.publicKey = .value(key) }
        }
        let elsewhere = try await fixture.peer(of: other) { $0.publicKey = .value(key) }
        #expect(elsewhere.peer.publicKey == key)
        let next = try await fixture.peer(of: gateway).peer
        #expect(next.address.bits == first.peer.address.bits + 1, "the refusal took no address")
        await #expect(throws: ServiceError.duplicatePublicKey) {
            var change = PeerChange()
            change.publicKey = .value(key)
            _ = try await fixture.controlPlane.perform(
                .updatePeer(next.id, change),
                by: fixture.caller
            )
        }
    }

    @Test("all problems of a peer's request are reported together")
    func invalid() async throws {
        let fixture = try await ServiceFixture()
        let problems = await fixture.problems {
            let request = NewPeer(
                reading: [
                    "wireguard_interface_id": .string(GatewayID.random()), "name": " ",
                    "public_key": "short", "preshared_key": "short",
                    "persistent_keepalive": .integer(-1),
                ]
            )
            _ = try await fixture.controlPlane.perform(.createPeer(request), by: fixture.caller)
        }
        #expect(
            Set(problems.map(\.pointer)) == [
                "/wireguard_interface_id", "/name", "/public_key", "/preshared_key",
                "/persistent_keepalive",
            ]
        )
        let missing = await fixture.problems {
            _ = try await fixture.controlPlane.perform(
                .createPeer(NewPeer(reading: [:])),
                by: fixture.caller
            )
        }
        #expect(missing == [FieldProblem("/wireguard_interface_id", .missing)])
    }

    @Test("a peer with its gateway's own public key is refused")
    func ownKey() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        let problems = await fixture.problems {
            _ = try await fixture.peer(of: gateway) {
                $0.publicKey = Field(.value(gateway.publicKey), at: "/public_key")
            }
        }
        #expect(problems.map(\.pointer) == ["/public_key"])
    }

    @Test("a peer that finds its subnet full is refused with the number of its addresses")
    func exhausted() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let gateway = try await fixture.gateway(in: network) { $0.subnetPrefixLength = .value(29) }
        var addresses: [String] = []
        for _ in 0..<5 {
            addresses.append(try await fixture.peer(of: gateway).peer.address.description)
        }
        #expect(addresses.first == "172.27.0.2")
        #expect(addresses.last == "172.27.0.6")
        await #expect(throws: ServiceError.subnetExhausted(addresses: 5)) {
            _ = try await fixture.peer(of: gateway)
        }
    }

    @Test("a deleted peer's address is quarantined ten minutes, and then the lowest is given first")
    func rest() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        var peers: [Peer] = []
        for _ in 0..<4 { peers.append(try await fixture.peer(of: gateway).peer) }
        for index in [2, 0] {
            _ = try await fixture.controlPlane.perform(
                .deletePeer(peers[index].id),
                by: fixture.caller
            )
        }
        #expect(try await fixture.peer(of: gateway).peer.address.description == "172.27.0.6")
        fixture.clock.advance(seconds: 599)
        #expect(try await fixture.peer(of: gateway).peer.address.description == "172.27.0.7")
        fixture.clock.advance(seconds: 1)
        let reused = [
            try await fixture.peer(of: gateway).peer.address,
            try await fixture.peer(of: gateway).peer.address,
            try await fixture.peer(of: gateway).peer.address,
        ]
        #expect(reused.map(\.description) == ["172.27.0.2", "172.27.0.4", "172.27.0.8"])
    }

    @Test(
        "when no other address is left, the one that has been free longest is taken after ten seconds"
    )
    func shortRest() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network()) {
            $0.subnetPrefixLength = .value(29)
        }
        var peers: [Peer] = []
        for _ in 0..<5 { peers.append(try await fixture.peer(of: gateway).peer) }
        for index in [3, 1, 2] {
            fixture.clock.advance(seconds: 1)
            _ = try await fixture.controlPlane.perform(
                .deletePeer(peers[index].id),
                by: fixture.caller
            )
        }
        fixture.clock.advance(seconds: 7)
        await #expect(throws: ServiceError.subnetExhausted(addresses: 5)) {
            _ = try await fixture.peer(of: gateway)
        }
        for index in [3, 1, 2] {
            fixture.clock.advance(seconds: 1)
            #expect(try await fixture.peer(of: gateway).peer.address == peers[index].address)
            await #expect(throws: ServiceError.subnetExhausted(addresses: 5)) {
                _ = try await fixture.peer(of: gateway)
            }
        }
    }

    @Test("more peers than a subnet has addresses can be created and deleted one after the other")
    func churn() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network()) {
            $0.subnetPrefixLength = .value(28)
        }
        for _ in 0..<60 {
            let peer = try await fixture.peer(of: gateway).peer
            _ = try await fixture.controlPlane.perform(.deletePeer(peer.id), by: fixture.caller)
            fixture.clock.advance(seconds: 1)
        }
    }

    @Test("an empty change of a peer makes a new key pair and keeps everything else")
    func rotate() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        let created = try await fixture.peer(of: gateway) { $0.presharedKey = .value(.make) }
        for field in [Field<PublicKey>.absent, .null] {
            let before = try await fixture.controlPlane.showPeer(
                created.peer.id,
                by: fixture.caller
            )
            var change = PeerChange()
            change.publicKey = field
            let changed = try await fixture.controlPlane.perform(
                .updatePeer(created.peer.id, change),
                by: fixture.caller
            )
            let privateKey = try #require(changed.privateKey)
            #expect(X25519.publicKey(of: privateKey) == changed.peer.publicKey)
            #expect(changed.peer.publicKey != before.publicKey)
            #expect(changed.peer.address == before.address)
            #expect(changed.peer.hasPresharedKey)
            #expect(changed.presharedKey == nil)
            #expect(changed.peer.updatedAt > before.updatedAt)
        }
    }

    @Test("a change of a peer touches the fields that it names and no others")
    func change() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        let peer = try await fixture.peer(of: gateway) {
            $0.name = .value("old")
            $0.persistentKeepalive = .value(5)
        }.peer
        func update(_ change: PeerChange) async throws -> CreatedPeer {
            try await fixture.controlPlane.perform(.updatePeer(peer.id, change), by: fixture.caller)
        }
        var rename = PeerChange()
        rename.name = .value("new")
        let renamed = try await update(rename)
        #expect(renamed.privateKey == nil)
        #expect(renamed.peer.name == "new")
        #expect(renamed.peer.publicKey == peer.publicKey)
        #expect(renamed.peer.persistentKeepalive == 5)

        var newKey = PeerChange()
        let key = PublicKey.random()
        newKey.publicKey = .value(key)
        let rekeyed = try await update(newKey)
        #expect(rekeyed.privateKey == nil)
        #expect(rekeyed.peer.publicKey == key)
        #expect(rekeyed.peer.name == "new")

        var clear = PeerChange()
        clear.name = .null
        clear.persistentKeepalive = .null
        let cleared = try await update(clear)
        #expect(cleared.privateKey == nil)
        #expect(cleared.peer.name == nil)
        #expect(cleared.peer.persistentKeepalive == nil)
        #expect(cleared.peer.publicKey == key)
    }

    @Test("a refused change of a peer changes nothing")
    func refusedChange() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        let peer = try await fixture.peer(of: gateway).peer
        let problems = await fixture.problems {
            let change = PeerChange(reading: ["name": "fine", "public_key": .integer(1)])
            _ = try await fixture.controlPlane.perform(
                .updatePeer(peer.id, change),
                by: fixture.caller
            )
        }
        #expect(problems == [FieldProblem("/public_key", .wrongType(expected: "string"))])
        #expect(try await fixture.controlPlane.showPeer(peer.id, by: fixture.caller) == peer)
    }

    @Test("a peer's preshared key is made or taken, answered once, and can be removed")
    func presharedKey() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        let made = try await fixture.peer(of: gateway) { $0.presharedKey = .value(.make) }
        let key = try #require(made.presharedKey)
        #expect(made.peer.hasPresharedKey)
        let config = try await fixture.configText(of: made.peer)
        #expect(config.contains("PresharedKey = \(key.base64)\n"))
        let text = "FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE="
        let own = try #require(SecretKey(base64: text))
        let given = try await fixture.peer(of: gateway) { $0.presharedKey = .value(.given(own)) }
        #expect(given.presharedKey?.base64 == text)
        var change = PeerChange()
        change.presharedKey = .value(.without)
        let without = try await fixture.controlPlane.perform(
            .updatePeer(given.peer.id, change),
            by: fixture.caller
        )
        #expect(!without.peer.hasPresharedKey)
        #expect(without.privateKey == nil)
        let snapshot = try await fixture.controlPlane.nodeFeed.snapshot()
        let keys = Dictionary(uniqueKeysWithValues: snapshot.peers.map { ($0.id, $0.presharedKey) })
        #expect(keys[made.peer.id]??.base64 == key.base64)
        #expect(keys[given.peer.id] == .some(nil))
    }

    @Test("peers are listed by age, and can be filtered by gateway")
    func list() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let first = try await fixture.gateway(in: network)
        let second = try await fixture.gateway(in: network)
        let peers = [
            try await fixture.peer(of: first).peer, try await fixture.peer(of: second).peer,
            try await fixture.peer(of: first).peer,
        ]
        func list(of gateway: GatewayID?) async throws -> PageOf<Peer> {
            var filter = PeerFilter()
            filter.gatewayID = gateway
            return try await fixture.controlPlane.listPeers(
                filter,
                page: .first,
                by: fixture.caller
            )
        }
        #expect(try await list(of: nil).elements == peers)
        let ofFirst = try await list(of: first.id)
        #expect(ofFirst.elements == [peers[0], peers[2]])
        let unknown = try await list(of: .random())
        #expect(unknown.totalResults == 0)
    }

    @Test("a peer of another organization is not found")
    func foreign() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        let peer = try await fixture.peer(of: gateway).peer
        let stranger = try await fixture.stranger()
        let controlPlane = fixture.controlPlane
        await #expect(throws: ServiceError.notFound) {
            _ = try await controlPlane.showPeer(peer.id, by: stranger)
        }
        await #expect(throws: ServiceError.notFound) {
            _ = try await controlPlane.perform(.updatePeer(peer.id, PeerChange()), by: stranger)
        }
        await #expect(throws: ServiceError.notFound) {
            _ = try await controlPlane.perform(.deletePeer(peer.id), by: stranger)
        }
        await #expect(throws: ServiceError.notFound) {
            _ = try await controlPlane.readPeerTunnel(peer.id, fullTunnel: false, by: stranger)
        }
        #expect(
            try await controlPlane.listPeers(page: .first, by: stranger).totalResults == 0
        )
        let problems = await fixture.problems {
            let request = NewPeer(reading: ["wireguard_interface_id": .string(gateway.id)])
            _ = try await controlPlane.perform(.createPeer(request), by: stranger)
        }
        #expect(problems == [FieldProblem("/wireguard_interface_id", .unknownAssociation)])
        #expect(try await controlPlane.showPeer(peer.id, by: fixture.caller) == peer)
    }

    @Test("every page of a list of peers is the part of the whole list that it should be")
    func pages() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        var ids: [PeerID] = []
        for _ in 0..<23 { ids.append(try await fixture.peer(of: gateway).peer.id) }
        for size in [1, 2, 5, 22, 23, 24, 250] {
            for number in 1...30 {
                let page = try #require(Page(number: number, size: size))
                let list = try await fixture.controlPlane.listPeers(page: page, by: fixture.caller)
                let expected = Array(ids.dropFirst(page.offset).prefix(size))
                #expect(list.elements.map(\.id) == expected, "page \(number) of \(size)")
                #expect(list.totalResults == ids.count)
            }
        }
    }
}
