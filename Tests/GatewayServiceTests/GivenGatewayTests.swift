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

/// A gateway that takes the place of another server.
struct GivenGatewayTests {
    private let key = X25519.generatePrivateKey { bytes in
        for index in bytes.indices { bytes[index] = .random(in: 0...255) }
    }

    private func request(_ members: [String: JSONValue], in network: Network) -> NewGateway {
        let always: [(String, JSONValue)] = [
            ("network_id", .string(network.id)), ("region_code", "local"),
        ]
        return NewGateway(
            JSONObject(
                (always + members.map { ($0, $1) }).map { .init(name: $0.0, value: $0.1) }
            )
        )
    }

    private func make(
        _ members: [String: JSONValue],
        in network: Network,
        _ fixture: ServiceFixture,
        by caller: Caller? = nil
    ) async throws -> Gateway {
        try await fixture.controlPlane.perform(
            .createGateway(request(members, in: network)),
            by: caller ?? fixture.caller
        )
    }

    @Test("a gateway has the private key, the port and the address that an admin gives it")
    func given() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network(block: "10.8.0.0/16")
        let gateway = try await make(
            [
                "private_key": .string(key.base64), "listen_port": .integer(51_820),
                "server_ip_address": "10.8.3.254/24",
            ],
            in: network,
            fixture
        )
        #expect(gateway.publicKey == X25519.publicKey(of: key))
        #expect(gateway.endpoint.port == 51_820)
        #expect(gateway.serverAddress.description == "10.8.3.254/24")
        #expect(gateway.subnet.description == "10.8.3.0/24")
        #expect(
            try await fixture.controlPlane.showGateway(gateway.id, by: fixture.caller) == gateway
        )
        let snapshot = try await fixture.controlPlane.nodeFeed.snapshot()
        let provision = try #require(snapshot.gateways.first)
        #expect(provision.privateKey == key)
        #expect(provision.serverAddress == gateway.serverAddress)
        #expect(provision.port == 51_820)
        // All that hosts can have but the gateway's own.
        var addresses: [String] = []
        for _ in 0..<2 {
            addresses.append(try await fixture.peer(of: gateway).peer.address.description)
        }
        #expect(addresses == ["10.8.3.1", "10.8.3.2"])
        #expect(try await fixture.gateway(in: network).endpoint.port == 5_000)
    }

    @Test("a key that is not clamped becomes the one that its server uses")
    func unclamped() async throws {
        let fixture = try await ServiceFixture()
        let unclamped = SecretKey { bytes in
            for index in bytes.indices { bytes[index] = 0xff }
        }
        let gateway = try await make(
            ["private_key": .string(unclamped.base64)],
            in: fixture.network(),
            fixture
        )
        #expect(gateway.publicKey == X25519.publicKey(of: unclamped))
    }

    @Test(
        "a port or a key of another gateway is refused by that gateway's name, and a bad address too"
    )
    func wrong() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network(block: "10.8.0.0/16")
        _ = try await make(
            [
                "name": "old", "private_key": .string(key.base64), "listen_port": .integer(5_005),
                "server_ip_address": "10.8.0.1/24",
            ],
            in: network,
            fixture
        )
        let problems = await fixture.problems {
            _ = try await make(
                [
                    "private_key": .string(key.base64), "listen_port": .integer(5_005),
                    "server_ip_address": "10.8.0.9/25",
                ],
                in: network,
                fixture
            )
        }
        #expect(
            problems.map(\.pointer) == ["/server_ip_address", "/private_key", "/listen_port"]
        )
        let texts = problems.map { $0.reason.sentence ?? "\($0.reason)" }
        #expect(texts[0].contains("overlaps 10.8.0.0/24 of another gateway"))
        #expect(texts[1].contains("is the key of gateway 'old' ("))
        #expect(texts[2].contains("is the port of gateway 'old' ("))
        #expect(!texts.joined().contains(key.base64))
        for (address, reason) in [
            ("10.8.1.0/24", "must be an address for hosts of its subnet 10.8.1.0/24"),
            ("10.9.1.1/24", "must be inside the network's address block 10.8.0.0/16"),
            ("10.8.1.1/32", "must not be longer than /30"),
            ("fd00::1/64", "must be an IPv4 address"),
        ] {
            let problems = await fixture.problems {
                _ = try await make(["server_ip_address": .string(address)], in: network, fixture)
            }
            #expect(problems == [FieldProblem("/server_ip_address", .invalid(reason))])
        }
        let differs = await fixture.problems {
            _ = try await make(
                ["server_ip_address": "10.8.1.1/24", "subnet": "10.8.2.0/24"],
                in: network,
                fixture
            )
        }
        #expect(differs.map(\.pointer) == ["/subnet"])
    }

    @Test(
        "a private key, a port or an address of a gateway takes an admin",
        arguments: ["private_key", "listen_port", "server_ip_address"]
    )
    func member(name: String) async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let member = try await Caller.stored(
            .member,
            of: fixture.caller.organizationID,
            at: fixture.clock.now(),
            in: fixture.store
        )
        let values: [String: JSONValue] = [
            "private_key": .string(key.base64), "listen_port": .integer(51_820),
            "server_ip_address": "172.27.9.1/24",
        ]
        await #expect(throws: ServiceError.forbidden(has: .member, needs: .admin)) {
            _ = try await make([name: try #require(values[name])], in: network, fixture, by: member)
        }
        _ = try await make([name: .null], in: network, fixture, by: member)
    }

    @Test("a peer is where an admin says that another server heard it, until it is heard itself")
    func endpoint() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        func asked(_ text: String) -> Field<Endpoint> {
            NewPeer(reading: ["endpoint": .string(text)]).endpoint
        }
        let peer = try await fixture.peer(of: gateway) { $0.endpoint = asked("192.0.2.1:51820") }
            .peer
        #expect(peer.activity.endpoint?.description == "192.0.2.1:51820")
        #expect(try await fixture.controlPlane.showPeer(peer.id, by: fixture.caller) == peer)
        let provision = try await fixture.controlPlane.nodeFeed.snapshot().peers.first
        #expect(provision?.lastEndpoint == peer.activity.endpoint)
        #expect(provision?.lastSeen == nil)
        for text in ["192.0.2.1:0", "0.0.0.0:1", "224.0.0.1:1", "192.0.2.1", "example.com:1"] {
            let problems = await fixture.problems {
                _ = try await fixture.peer(of: gateway) { $0.endpoint = asked(text) }
            }
            #expect(problems.map(\.pointer) == ["/endpoint"], "\(text)")
        }
        let member = try await Caller.stored(
            .member,
            of: fixture.caller.organizationID,
            at: fixture.clock.now(),
            in: fixture.store
        )
        await #expect(throws: ServiceError.forbidden(has: .member, needs: .admin)) {
            var request = NewPeer(reading: ["wireguard_interface_id": .string(gateway.id)])
            request.endpoint = asked("192.0.2.1:51820")
            _ = try await fixture.controlPlane.perform(.createPeer(request), by: member)
        }
    }
}
