import APIContract
import GatewayDomain
import GatewayService
import GatewayStore
import JSON
import NetAddress
import NodeProtocol
import ServiceTestSupport
import StoreTestSupport
import Testing
import WireGuardCrypto

struct GatewayTests {
    @Test("the answer to a gateway's creation already has its key, endpoint and address")
    func create() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let gateway = try await fixture.gateway(in: network)
        #expect(gateway.status == .provisioning)
        #expect(gateway.endpoint.description == "203.0.113.7:5000")
        #expect(gateway.serverAddress.description == "172.27.0.1/24")
        #expect(!gateway.publicKey.isZero)
        #expect(gateway.mtu == 1420)
        #expect(gateway.name == nil)
        #expect(!gateway.enablesSIPTrunking)
        #expect(gateway.region.code == "local")
        #expect(
            try await fixture.controlPlane.showGateway(gateway.id, by: fixture.caller) == gateway
        )
    }

    @Test(
        "gateways take the lowest free subnet of their network and the lowest free port of all networks"
    )
    func order() async throws {
        let fixture = try await ServiceFixture()
        let (first, second) = (try await fixture.network(), try await fixture.network())
        let gateways = [
            try await fixture.gateway(in: first), try await fixture.gateway(in: first),
            try await fixture.gateway(in: second),
        ]
        #expect(
            gateways.map(\.subnet.description)
                == ["172.27.0.0/24", "172.27.1.0/24", "172.27.0.0/24"]
        )
        #expect(gateways.map(\.endpoint.port) == [5000, 5001, 5002])
        _ = try await fixture.controlPlane.deleteGateway(gateways[1].id, by: fixture.caller)
        #expect(try await fixture.gateway(in: second).endpoint.port == 5001)
    }

    @Test("a gateway can be created with a given subnet or length of it")
    func subnet() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let asked = try await fixture.gateway(in: network) {
            $0.subnet = .value(try IPv4Prefix("172.27.0.0/25"))
        }
        #expect(asked.subnet.description == "172.27.0.0/25")
        let small = try await fixture.gateway(in: network) { $0.subnetPrefixLength = .value(28) }
        #expect(small.subnet.description == "172.27.0.128/28")
        let usual = try await fixture.gateway(in: network)
        #expect(usual.subnet.description == "172.27.1.0/24")
    }

    @Test(
        "a gateway with a subnet that does not fit its network is refused",
        arguments: [
            "10.0.0.0/24", "172.27.5.0/31", "172.27.0.128/25", "172.27.0.1/24", "172.0.0.0/8", "x",
        ]
    )
    func badSubnet(subnet: String) async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        _ = try await fixture.gateway(in: network)
        let problems = await fixture.problems {
            let asked = NewGateway(reading: ["subnet": .string(subnet)]).subnet
            _ = try await fixture.gateway(in: network) { $0.subnet = asked }
        }
        #expect(problems.map(\.pointer) == ["/subnet"])
    }

    @Test("all problems of a gateway's request are reported together, and nothing is created")
    func invalid() async throws {
        let fixture = try await ServiceFixture()
        let problems = await fixture.problems {
            let request = NewGateway(
                reading: [
                    "network_id": .string(NetworkID.random()), "region_code": "atlantis",
                    "name": .integer(1), "enable_sip_trunking": "yes", "mtu": .integer(1_279),
                    "persistent_keepalive": .integer(65_536),
                    "subnet_prefix_length": .integer(31),
                ]
            )
            _ = try await fixture.controlPlane.perform(.createGateway(request), by: fixture.caller)
        }
        #expect(
            Set(problems.map(\.pointer)) == [
                "/network_id", "/region_code", "/name", "/enable_sip_trunking", "/mtu",
                "/persistent_keepalive", "/subnet_prefix_length",
            ]
        )
        #expect(problems.contains(FieldProblem("/network_id", .unknownAssociation)))
        #expect(problems.contains(FieldProblem("/region_code", .unknownRegion)))
        let missing = await fixture.problems {
            _ = try await fixture.controlPlane.perform(
                .createGateway(NewGateway(reading: [:])),
                by: fixture.caller
            )
        }
        #expect(
            missing == [
                FieldProblem("/network_id", .missing), FieldProblem("/region_code", .missing),
            ]
        )
    }

    @Test(
        "the subnet of a gateway is not compared with the asked length while its network is unknown"
    )
    func subnetOfUnknownNetwork() async throws {
        let fixture = try await ServiceFixture()
        let problems = await fixture.problems {
            let request = NewGateway(
                reading: [
                    "network_id": .string(NetworkID.random()), "region_code": "local",
                    "subnet": "10.0.1.0/24", "subnet_prefix_length": .integer(25),
                ]
            )
            _ = try await fixture.controlPlane.perform(.createGateway(request), by: fixture.caller)
        }
        #expect(problems == [FieldProblem("/network_id", .unknownAssociation)])
    }

    @Test(
        "a gateway's network id of another organization, or of no form, is an unknown association"
    )
    func unknownNetwork() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let stranger = try await fixture.stranger()
        for (id, caller) in [(network.id.description, stranger), ("nonsense", fixture.caller)] {
            let problems = await fixture.problems {
                let request = NewGateway(
                    reading: ["network_id": .string(id), "region_code": "local"]
                )
                _ = try await fixture.controlPlane.perform(.createGateway(request), by: caller)
            }
            #expect(problems == [FieldProblem("/network_id", .unknownAssociation)])
        }
    }

    @Test("a gateway that finds no free port or no free subnet is refused with the one that lacks")
    func exhausted() async throws {
        let fixture = try await ServiceFixture { $0.portRange = 5000...5001 }
        let small = try await fixture.network(block: "10.0.0.0/24")
        _ = try await fixture.gateway(in: small)
        await #expect(throws: ServiceError.noFreeSubnet(length: 24)) {
            _ = try await fixture.gateway(in: small)
        }
        let large = try await fixture.network()
        _ = try await fixture.gateway(in: large)
        let full = FullNode(try await fixture.embeddedNode())
        await #expect(throws: ServiceError.noFreePort(on: [full])) {
            _ = try await fixture.gateway(in: large)
        }
    }

    @Test("a deleted gateway's subnet is quarantined, unless no other is free")
    func subnetQuarantine() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network(block: "10.0.0.0/23")
        let first = try await fixture.gateway(in: network)
        _ = try await fixture.controlPlane.deleteGateway(first.id, by: fixture.caller)
        let second = try await fixture.gateway(in: network)
        #expect(second.subnet.description == "10.0.1.0/24")
        await #expect(throws: ServiceError.noFreeSubnet(length: 24)) {
            _ = try await fixture.gateway(in: network)
        }
        fixture.clock.advance(seconds: 10)
        let third = try await fixture.gateway(in: network)
        #expect(third.subnet == first.subnet)
        _ = try await fixture.controlPlane.deleteGateway(third.id, by: fixture.caller)
        _ = try await fixture.controlPlane.deleteGateway(second.id, by: fixture.caller)
        fixture.clock.advance(seconds: 601)
        #expect(try await fixture.gateway(in: network).subnet == first.subnet)
    }

    @Test("of quarantined subnets, the one that has been free longest is taken first")
    func longestQuarantine() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network(block: "10.0.0.0/22")
        var gateways: [Gateway] = []
        for _ in 0..<4 { gateways.append(try await fixture.gateway(in: network)) }
        for index in [2, 3, 1] {
            _ = try await fixture.controlPlane.deleteGateway(gateways[index].id, by: fixture.caller)
            fixture.clock.advance(seconds: 10)
        }
        let wide = try await fixture.gateway(in: network) { $0.subnetPrefixLength = .value(23) }
        #expect(wide.subnet.description == "10.0.2.0/23")
        #expect(try await fixture.gateway(in: network).subnet == gateways[1].subnet)
    }

    @Test("deleting a gateway deletes its peers, answers with status deleting, and then it is gone")
    func delete() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let gateway = try await fixture.gateway(in: network)
        let other = try await fixture.gateway(in: network)
        let peer = try await fixture.peer(of: gateway).peer
        let survivor = try await fixture.peer(of: other).peer
        let before = try await fixture.controlPlane.nodeFeed.snapshot().revision
        let deleted = try await fixture.controlPlane.deleteGateway(gateway.id, by: fixture.caller)
        #expect(deleted.id == gateway.id)
        #expect(deleted.status == .deleting)
        #expect(deleted.activity.peersCount == 1)
        let controlPlane = fixture.controlPlane
        await #expect(throws: ServiceError.notFound) {
            _ = try await controlPlane.showGateway(gateway.id, by: fixture.caller)
        }
        await #expect(throws: ServiceError.notFound) {
            _ = try await controlPlane.showPeer(peer.id, by: fixture.caller)
        }
        var shown = try await controlPlane.showPeer(survivor.id, by: fixture.caller)
        #expect(shown.config.revision > survivor.config.revision, "its config has one route less")
        shown.config = survivor.config
        #expect(shown == survivor)
        let changes = try #require(try await controlPlane.nodeFeed.changes(after: before)).changes
        #expect(changes.map(\.summary) == ["peer- \(peer.id)", "gateway- \(gateway.id)"])
    }

    @Test("a gateway of another organization is not found")
    func foreign() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        let stranger = try await fixture.stranger()
        let controlPlane = fixture.controlPlane
        await #expect(throws: ServiceError.notFound) {
            _ = try await controlPlane.showGateway(gateway.id, by: stranger)
        }
        await #expect(throws: ServiceError.notFound) {
            _ = try await controlPlane.deleteGateway(gateway.id, by: stranger)
        }
        let list = try await controlPlane.listGateways(page: .first, by: stranger)
        #expect(list.totalResults == 0)
    }

    @Test("gateways are listed by network, and filtered by name, type and status")
    func lists() async throws {
        let fixture = try await ServiceFixture()
        let (first, second) = (try await fixture.network(), try await fixture.network())
        let named = try await fixture.gateway(in: first) { $0.name = .value("named") }
        let plain = try await fixture.gateway(in: first)
        let other = try await fixture.gateway(in: second)
        let controlPlane = fixture.controlPlane
        let all = try await controlPlane.listGateways(page: .first, by: fixture.caller)
        #expect(all.elements == [named, plain, other])
        var ofNetwork = GatewayFilter()
        ofNetwork.networkID = first.id
        let ofFirst = try await controlPlane.listGateways(
            ofNetwork,
            page: .first,
            by: fixture.caller
        )
        #expect(ofFirst.elements == [named, plain])
        var filters = Array(repeating: InterfaceFilter(), count: 4)
        filters[0].name = "named"
        filters[1].type = "wireguard_interface"
        filters[2].type = "virtual_cross_connect"
        filters[3].status = .provisioned
        let expected = [[named], [named, plain], [], []]
        for (filter, gateways) in zip(filters, expected) {
            let list = try await controlPlane.listNetworkInterfaces(
                first.id,
                filter: filter,
                page: .first,
                by: fixture.caller
            )
            #expect(list.elements.map(\.id.uuid) == gateways.map(\.id.uuid))
            #expect(list.totalResults == gateways.count)
        }
    }

    @Test(
        "gateways follow a new address or name of the installation, and keep their ports and keys",
        arguments: ["198.51.100.1", "2001:db8::5", "vpn.example.com"]
    )
    func newHost(text: String) async throws {
        let store = try await TestStore.make()
        let masterKey = MasterKey.random()
        let before = try await ServiceFixture(store: store, masterKey: masterKey)
        let gateway = try await before.gateway(in: before.network())
        let host = try #require(PublicHost(text))
        let after = try await ServiceFixture(store: store, masterKey: masterKey) {
            $0.publicHost = host
        }
        let moved = try await after.controlPlane.showGateway(gateway.id, by: after.caller)
        #expect(moved.endpoint == PublicEndpoint(host: host, port: gateway.endpoint.port))
        #expect(moved.publicKey == gateway.publicKey)
    }
}
