import GatewayDomain
import GatewayService
import JSON
import NetAddress
import ServiceTestSupport
import Testing
import TunnelTestSupport

@testable import APIContract

struct AllowedIPsTests {
    /// A network with a gateway `entry` at 172.27.0.1/24, another one at 172.27.1.1/24, and a peer `site`
    /// at 172.27.0.2 with two networks behind it.
    private struct World {
        let fixture: ServiceFixture
        let network: Network
        let gateway: Gateway
        let other: Gateway
        let site: Peer

        init() async throws {
            fixture = try await ServiceFixture()
            network = try await fixture.network()
            gateway = try await fixture.gateway(in: network) { $0.name = .value("entry") }
            other = try await fixture.gateway(in: network) { $0.name = .value("branch") }
            site = try await fixture.peer(of: gateway) {
                $0.name = .value("site")
                $0.allowedIPs = asked(["192.168.10.0/24", "2001:db8:1::/48"])
            }.peer
        }

        func update(_ peer: Peer, _ adjust: (inout PeerChange) -> Void) async throws -> Peer {
            var change = PeerChange()
            adjust(&change)
            return try await fixture.controlPlane.perform(
                .updatePeer(peer.id, change),
                by: fixture.caller
            ).peer
        }

        func allowedIPs(of peer: Peer) async throws -> String? {
            try await fixture.configText(of: peer)
                .split(separator: "\n").first { $0.hasPrefix("AllowedIPs") }.map(String.init)
        }
    }

    @Test("a peer has the networks behind it in their order, as they were asked for and changed")
    func networks() async throws {
        let world = try await World()
        let (fixture, site) = (world.fixture, world.site)
        #expect(site.allowedIPs.map(\.description) == ["192.168.10.0/24", "2001:db8:1::/48"])
        #expect(try await fixture.controlPlane.showPeer(site.id, by: fixture.caller) == site)
        let renamed = try await world.update(site) { $0.name = .value("plant") }
        #expect(renamed.allowedIPs == site.allowedIPs)
        let changed = try await world.update(site) {
            $0.allowedIPs = asked(["10.9.0.0/16", "192.168.10.0/24", "172.27.0.2", "10.9.0.0/16"])
        }
        #expect(changed.allowedIPs.map(\.description) == ["10.9.0.0/16", "192.168.10.0/24"])
        #expect(changed.publicKey == site.publicKey)
        #expect(try await fixture.controlPlane.showPeer(site.id, by: fixture.caller) == changed)
        let without = try await world.update(site) { $0.allowedIPs = .null }
        #expect(without.allowedIPs.isEmpty)
        let next = try await fixture.peer(of: world.gateway) {
            $0.allowedIPs = asked(["192.168.10.0/24"])
        }
        #expect(next.peer.allowedIPs.count == 1, "what one peer gave up another may have")
    }

    @Test(
        "a network behind a peer that belongs to another side is refused by that side's name",
        arguments: [
            ("192.168.0.0/16", "overlaps 192.168.10.0/24, a network behind peer 'site' ("),
            ("192.168.10.128/25", "overlaps 192.168.10.0/24, a network behind peer 'site' ("),
            ("2001:db8:1:2::/64", "overlaps 2001:db8:1::/48, a network behind peer 'site' ("),
            ("172.27.0.0/30", "contains 172.27.0.1, the gateway's own address"),
            ("172.27.0.2/31", "contains 172.27.0.2, the address of peer 'site' ("),
            ("172.27.1.7/32", "overlaps 172.27.1.0/24, the subnet of gateway 'branch' ("),
            ("172.16.0.0/12", "overlaps 172.27.0.0/24, the subnet of gateway 'entry' ("),
            ("192.0.2.0/25", "overlaps 192.0.2.0/24 of the private service sip"),
            ("127.0.0.0/8", "overlaps addresses that no host may use, such as loopback"),
            ("0.0.0.0/0", "must not be everything; make the peer the default gateway"),
            ("10.1.0.1/16", "has host bits set; write the network, like 192.168.10.0/24"),
            ("office", "must be a network like 192.168.10.0/24 or 2001:db8:1::/48"),
        ]
    )
    func taken(text: String, reason: String) async throws {
        let world = try await World()
        _ = try await world.fixture.privateService("sip", ["192.0.2.0/24"])
        var change = GatewayChange()
        change.enablesSIPTrunking = .value(true)
        _ = try await world.fixture.controlPlane.perform(
            .updateGateway(world.other.id, change),
            by: world.fixture.caller
        )
        for isNew in [true, false] {
            let peer = isNew ? nil : try await world.fixture.peer(of: world.gateway).peer
            let problems = await world.fixture.problems {
                let networks = asked(["10.5.0.0/16", text])
                if let peer {
                    _ = try await world.update(peer) { $0.allowedIPs = networks }
                } else {
                    _ = try await world.fixture.peer(of: world.gateway) { $0.allowedIPs = networks }
                }
            }
            #expect(problems.map(\.pointer) == ["/allowed_ips/1"])
            #expect(problems.first?.reason.sentence?.hasPrefix(reason) == true, "\(problems)")
        }
        let shown = try await world.fixture.controlPlane.listPeers(
            page: .first,
            by: world.fixture.caller
        )
        #expect(shown.elements.allSatisfy { $0.id == world.site.id || $0.allowedIPs.isEmpty })
    }

    @Test("networks of one request that overlap are refused, and so are more than a peer may have")
    func request() async throws {
        let world = try await World()
        let nested = await world.fixture.problems {
            _ = try await world.update(world.site) {
                $0.allowedIPs = asked(["10.0.0.0/8", "10.1.0.0/16"])
            }
        }
        #expect(nested.map(\.pointer) == ["/allowed_ips/1"])
        let many = (0..<257).map { "10.\($0 / 256).\($0 % 256).0/24" }
        let tooMany = await world.fixture.problems {
            _ = try await world.update(world.site) { $0.allowedIPs = asked(many) }
        }
        #expect(
            tooMany == [FieldProblem("/allowed_ips", .invalid("must have at most 256 networks"))]
        )
        let most = try await world.update(world.site) {
            $0.allowedIPs = asked(many.dropLast())
        }
        #expect(most.allowedIPs.count == 256)
    }

    @Test("a network of gateways may have behind a peer what another one has behind one of its own")
    func otherNetwork() async throws {
        let world = try await World()
        let elsewhere = try await world.fixture.gateway(in: world.fixture.network())
        let peer = try await world.fixture.peer(of: elsewhere) {
            $0.allowedIPs = asked(["192.168.10.0/24"])
        }
        #expect(peer.peer.allowedIPs == [.v4(try IPv4Prefix("192.168.10.0/24"))])
    }

    @Test(
        "a config lists the networks behind other peers, and those of IPv6 for peers that have one"
    )
    func configs() async throws {
        let world = try await World()
        let laptop = try await world.fixture.peer(of: world.other).peer
        let subnets = "AllowedIPs = 172.27.0.0/24, 172.27.1.0/24"
        #expect(try await world.allowedIPs(of: laptop) == subnets + ", 192.168.10.0/24")
        #expect(try await world.allowedIPs(of: world.site) == subnets)
        let branch = try await world.update(laptop) { $0.allowedIPs = asked(["2001:db8:2::/48"]) }
        #expect(
            try await world.allowedIPs(of: branch)
                == subnets + ", 192.168.10.0/24, 2001:db8:1::/48"
        )
        #expect(try await world.allowedIPs(of: world.site) == subnets + ", 2001:db8:2::/48")
        _ = try await world.update(world.site) { $0.allowedIPs = asked(["172.27.0.8/29"]) }
        #expect(
            try await world.allowedIPs(of: branch) == subnets,
            "what lies in a subnet is listed with it"
        )
    }

    @Test(
        "the config of another peer is out of date when a network behind a peer comes, moves or goes"
    )
    func outdatedConfigs() async throws {
        let world = try await World()
        let (controlPlane, caller) = (world.fixture.controlPlane, world.fixture.caller)
        let laptop = try await world.fixture.peer(of: world.other).peer
        func state() async throws -> ConfigState {
            try await controlPlane.showPeer(laptop.id, by: caller).config.state
        }
        func isOutdatedOnce() async throws -> Bool {
            let before = try await state()
            _ = try await world.allowedIPs(of: laptop)
            return try await (before, state()) == (.outdated, .current)
        }
        _ = try await world.allowedIPs(of: laptop)
        _ = try await world.update(world.site) { $0.name = .value("plant") }
        #expect(try await state() == .current)
        _ = try await world.update(world.site) { $0.allowedIPs = asked(["10.9.0.0/16"]) }
        #expect(try await isOutdatedOnce())
        let next = try await world.fixture.peer(of: world.gateway) {
            $0.allowedIPs = asked(["10.10.0.0/16"])
        }
        #expect(try await isOutdatedOnce())
        _ = try await controlPlane.perform(.deletePeer(next.peer.id), by: caller)
        #expect(try await isOutdatedOnce())
    }

    @Test("a gateway's subnet does not overlap a network behind a peer, asked for or not")
    func subnets() async throws {
        let world = try await World()
        _ = try await world.update(world.site) { $0.allowedIPs = asked(["172.27.2.0/23"]) }
        let next = try await world.fixture.gateway(in: world.network)
        #expect(next.subnet.description == "172.27.4.0/24")
        let problems = await world.fixture.problems {
            _ = try await world.fixture.gateway(in: world.network) {
                $0.subnet = .value(try IPv4Prefix("172.27.3.0/24"))
            }
        }
        #expect(problems.count == 1)
        let text = problems.first?.reason.sentence
        #expect(text?.hasPrefix("overlaps 172.27.2.0/23, a network behind peer 'site' (") == true)
    }

    @Test("a peer gets the address that it asks for, and others get the lowest that is left")
    func givenAddress() async throws {
        let world = try await World()
        let fixture = world.fixture
        let given = try await fixture.peer(of: world.gateway) { $0.address = address("172.27.0.4") }
        #expect(given.peer.address.description == "172.27.0.4")
        var others: [String] = []
        for _ in 0..<2 {
            others.append(try await fixture.peer(of: world.gateway).peer.address.description)
        }
        #expect(others == ["172.27.0.3", "172.27.0.5"])
        let moved = try await world.update(given.peer) { $0.address = address("172.27.0.200") }
        #expect(moved.address.description == "172.27.0.200")
        #expect(moved.publicKey == given.peer.publicKey)
        let back = try await fixture.peer(of: world.gateway) { $0.address = address("172.27.0.4") }
        #expect(back.peer.address.description == "172.27.0.4", "it was released a moment ago")
        let kept = try await world.update(moved) { $0.address = .null }
        #expect(kept.address == moved.address)
    }

    @Test(
        "an address that a peer cannot have is refused with the reason",
        arguments: [
            ("172.27.0.1", "is the gateway's own address"),
            ("172.27.0.2", "is the address of peer 'site' ("),
            ("172.27.0.0", "must be an address for hosts of the gateway's subnet 172.27.0.0/24"),
            ("172.27.0.255", "must be an address for hosts of the gateway's subnet 172.27.0.0/24"),
            ("172.27.1.9", "must be an address for hosts of the gateway's subnet 172.27.0.0/24"),
            ("172.27.0.9", "lies in 172.27.0.8/29, a network behind peer 'wide' ("),
        ]
    )
    func wrongAddress(text: String, reason: String) async throws {
        let world = try await World()
        _ = try await world.fixture.peer(of: world.gateway) {
            $0.name = .value("wide")
            $0.allowedIPs = asked(["172.27.0.8/29"])
        }
        let problems = await world.fixture.problems {
            _ = try await world.fixture.peer(of: world.gateway) { $0.address = address(text) }
        }
        #expect(problems.map(\.pointer) == ["/address"])
        #expect(problems.first?.reason.sentence?.hasPrefix(reason) == true, "\(problems)")
    }

    @Test("addresses of a network behind a peer are given to no other peer until it is given up")
    func withheld() async throws {
        let world = try await World()
        let fixture = world.fixture
        let small = try await fixture.gateway(in: world.network) {
            $0.subnetPrefixLength = .value(28)
        }
        let wide = try await fixture.peer(of: small) {
            $0.allowedIPs = asked(["172.27.2.4/30", "172.27.2.8/30"])
        }.peer
        var addresses: [UInt32] = []
        while let peer = try? await fixture.peer(of: small).peer {
            addresses.append(peer.address.bits & 15)
        }
        #expect(wide.address.bits & 15 == 2)
        #expect(addresses == [3, 12, 13, 14])
        _ = try await world.update(wide) { $0.allowedIPs = asked(["172.27.2.8/30"]) }
        addresses = []
        while let peer = try? await fixture.peer(of: small).peer {
            addresses.append(peer.address.bits & 15)
        }
        #expect(addresses == [4, 5, 6, 7])
        _ = try await fixture.controlPlane.perform(.deletePeer(wide.id), by: fixture.caller)
        addresses = []
        while let peer = try? await fixture.peer(of: small).peer {
            addresses.append(peer.address.bits & 15)
        }
        #expect(addresses == [8, 9, 10, 11])
    }
}

private func asked(_ texts: [String]) -> Field<[Field<IPPrefix>]> {
    NewPeer(reading: ["allowed_ips": .array(texts.map { .string($0) })]).allowedIPs
}

private func address(_ text: String) -> Field<IPv4Address> {
    NewPeer(reading: ["address": .string(text)]).address
}
