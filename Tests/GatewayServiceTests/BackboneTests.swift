import GatewayDomain
import GatewayService
import GatewayStore
import JSON
import NetAddress
import NodeProtocol
import ServiceTestSupport
import Testing
import WireGuardCrypto

struct BackboneTests {
    @Test("gateways of one network on different nodes have a link, whichever of them comes first")
    func linksAreMade() async throws {
        let world = try await LinkedRegions()
        let network = try await world.fixture.network()
        let here = try await world.gateway(in: network, region: "local")
        #expect(try await world.links().isEmpty)
        let far = try await world.gateway(in: network, region: "far")
        let link = try #require(try await world.links().first)
        #expect(Set(link.ends.map(\.gatewayID)) == [here.id, far.id])
        #expect(link.end(of: far.id)?.nodeID == world.far.id)
        #expect(link.end(of: far.id)?.regionCode == "far")
        #expect(link.state == .connecting)
        _ = try await world.gateway(in: network, region: "farther")
        #expect(try await world.links().count == 3)
    }

    @Test("gateways of one node, and gateways of different networks, have no link")
    func noLinks() async throws {
        let world = try await LinkedRegions()
        let network = try await world.fixture.network()
        _ = try await world.gateway(in: network, region: "local")
        _ = try await world.gateway(in: network, region: "local")
        _ = try await world.gateway(in: world.fixture.network(), region: "far")
        #expect(try await world.links().isEmpty)
    }

    @Test("the links of a gateway go with it, and the journal says so")
    func linksAreDeleted() async throws {
        let world = try await LinkedRegions()
        let network = try await world.fixture.network()
        _ = try await world.gateway(in: network, region: "local")
        let far = try await world.gateway(in: network, region: "far")
        _ = try await world.gateway(in: network, region: "farther")
        let start = try await world.feed(world.near).snapshot().revision
        _ = try await world.fixture.controlPlane.deleteGateway(far.id, by: world.fixture.caller)
        #expect(try await world.links().count == 1)
        let news = try #require(try await world.feed(world.near).changes(after: start))
        let deleted = news.changes.filter { if case .linkDeleted = $0 { true } else { false } }
        #expect(deleted.count == 2)
    }

    @Test(
        "a plan that deletes linked gateways and their network is tried with the links that go with them"
    )
    func linksInRehearsals() async throws {
        let world = try await LinkedRegions()
        let network = try await world.fixture.network()
        let gateways = [
            try await world.gateway(in: network, region: "local"),
            try await world.gateway(in: network, region: "far"),
        ]
        var steps = gateways.map { gateway in
            RehearsedStep(name: nil, needs: []) { _ in
                Verb<Gateway>.rehearseGatewayDeletion(gateway.id).map { "\($0.id)" }
            }
        }
        steps.append(
            RehearsedStep(name: nil, needs: []) { _ in
                Verb<Network>.deleteNetwork(network.id).map { "\($0.id)" }
            }
        )
        let outcome = try await world.fixture.controlPlane.rehearse(
            steps,
            by: world.fixture.caller
        )
        #expect(outcome.refusals.isEmpty && outcome.triedCount == steps.count)
        #expect(try await world.links().count == 1)
    }

    @Test("both nodes of a link know it with keys, ports and hosts that fit each other")
    func provisions() async throws {
        let world = try await LinkedRegions()
        let network = try await world.fixture.network()
        let here = try await world.gateway(in: network, region: "local")
        let far = try await world.gateway(in: network, region: "far")
        let near = try #require(try await world.provisions(world.near).first)
        let other = try #require(try await world.provisions(world.far).first)
        #expect(near.id == other.id)
        #expect(near.gatewayID == here.id)
        #expect(near.remoteGatewayID == far.id)
        #expect(near.remoteAddress == far.serverAddress.address)
        #expect(near.remoteSubnet == far.subnet)
        #expect(near.remotePrefixes.isEmpty)
        #expect(near.lanes.count == BackboneLink.lanes)
        for (one, two) in zip(near.lanes, other.lanes) {
            #expect(X25519.publicKey(of: one.privateKey) == two.remotePublicKey)
            #expect(X25519.publicKey(of: two.privateKey) == one.remotePublicKey)
            #expect(one.remoteEndpoint == PublicEndpoint(host: world.far.host, port: two.port))
            #expect(two.remoteEndpoint == PublicEndpoint(host: world.near.host, port: one.port))
        }
        #expect(Set(near.lanes.map(\.port) + [here.endpoint.port]).count == 3)
        #expect(near.lanes.allSatisfy { world.near.ports.contains($0.port) })
    }

    @Test(
        "a node knows of the links between others whether they are up, as far as it may go around over them"
    )
    func distantLinks() async throws {
        let world = try await LinkedRegions()
        let network = try await world.fixture.network()
        _ = try await world.gateway(in: network, region: "local")
        let far = try await world.gateway(in: network, region: "far")
        let farther = try await world.gateway(in: network, region: "farther")
        let link = try #require(
            try await world.links().first {
                $0.end(of: far.id) != nil && $0.end(of: farther.id) != nil
            }
        )
        #expect(try await world.distant(world.near).map(\.isUp) == [false])
        for (gateway, node) in [(far, world.far), (farther, world.farther)] {
            try await world.feed(node).report(links: [
                LinkReport(
                    id: link.id,
                    gatewayID: gateway.id,
                    state: .up,
                    roundTripMicroseconds: 40_000
                )
            ])
        }
        #expect(try await world.distant(world.near).map(\.isUp) == [true])
        let shown = try await world.fixture.controlPlane.showBackboneLink(
            link.id,
            by: world.fixture.caller
        )
        #expect(shown.state == .up)
        #expect(shown.figures?.roundTripMicroseconds == 40_000)
    }

    @Test(
        "a link is as well as the end that is worse off, and a report of a node that has no end of it counts for nothing"
    )
    func states() async throws {
        let world = try await LinkedRegions()
        let network = try await world.fixture.network()
        let here = try await world.gateway(in: network, region: "local")
        let far = try await world.gateway(in: network, region: "far")
        let link = try #require(try await world.links().first)
        func report(_ gateway: Gateway, _ state: LinkState, from node: GatewayNode)
            async throws
            -> LinkState?
        {
            try await world.feed(node).report(links: [
                LinkReport(id: link.id, gatewayID: gateway.id, state: state)
            ])
            return try await world.links().first?.state
        }
        #expect(try await report(here, .up, from: world.near) == .connecting)
        #expect(try await report(far, .up, from: world.far) == .up)
        #expect(try await report(far, .detour, from: world.far) == .detour)
        #expect(try await report(here, .down, from: world.near) == .down)
        #expect(try await report(here, .up, from: world.farther) == .down)
        #expect(try await report(far, .up, from: world.near) == .down)
        #expect(try await report(here, .up, from: world.near) == .detour)
    }

    @Test("what is reported twice is in the journal once")
    func quietReports() async throws {
        let world = try await LinkedRegions()
        let network = try await world.fixture.network()
        let here = try await world.gateway(in: network, region: "local")
        _ = try await world.gateway(in: network, region: "far")
        let link = try #require(try await world.links().first)
        let report = LinkReport(id: link.id, gatewayID: here.id, state: .up)
        try await world.feed(world.near).report(links: [report])
        let revision = try await world.feed(world.near).snapshot().revision
        try await world.feed(world.near).report(links: [report])
        #expect(try await world.feed(world.near).snapshot().revision == revision)
    }

    @Test("networks behind the peers of one gateway are known at the other ends of its links")
    func sites() async throws {
        let world = try await LinkedRegions()
        let network = try await world.fixture.network()
        _ = try await world.gateway(in: network, region: "local")
        let far = try await world.gateway(in: network, region: "far")
        let start = try await world.feed(world.near).snapshot().revision
        let site = try IPPrefix("192.168.7.0/24")
        let peer = try await world.fixture.peer(of: far) {
            $0.allowedIPs = NewPeer(reading: ["allowed_ips": .array([.string(site)])]).allowedIPs
        }.peer
        func prefixes(after revision: Int64) async throws -> [IPPrefix]? {
            let news = try #require(try await world.feed(world.near).changes(after: revision))
            return news.changes.compactMap {
                if case .linkPut(let link) = $0 { link.remotePrefixes } else { nil }
            }.first
        }
        #expect(try await prefixes(after: start) == [site])
        let then = try await world.feed(world.near).snapshot().revision
        _ = try await world.fixture.controlPlane.perform(
            .deletePeer(peer.id),
            by: world.fixture.caller
        )
        #expect(try await prefixes(after: then) == [])
        let last = try await world.feed(world.near).snapshot().revision
        _ = try await world.fixture.peer(of: far)
        #expect(try await prefixes(after: last) == nil)
    }

    @Test("a node without a free port for a link gets no gateway, and nothing has changed")
    func noPorts() async throws {
        let world = try await LinkedRegions(farPorts: "7000-7001")
        let network = try await world.fixture.network()
        _ = try await world.gateway(in: network, region: "local")
        let revision = try await world.feed(world.near).snapshot().revision
        await #expect(throws: ServiceError.self) {
            _ = try await world.gateway(in: network, region: "far")
        }
        #expect(try await world.links().isEmpty)
        #expect(try await world.feed(world.near).snapshot().revision == revision)
    }

    @Test("lanes leave the ports of gateways alone, and gateways those of lanes")
    func ports() async throws {
        let world = try await LinkedRegions(farPorts: "7000-7005")
        let network = try await world.fixture.network()
        _ = try await world.gateway(in: network, region: "local")
        let first = try await world.gateway(in: network, region: "far")
        let second = try await world.gateway(in: network, region: "far")
        #expect([first, second].map(\.endpoint.port) == [7_000, 7_001])
        let ports = try await world.provisions(world.far).flatMap { $0.lanes.map(\.port) }
        #expect(Set(ports) == [7_002, 7_003, 7_004, 7_005])
        let asked = await world.fixture.problems {
            _ = try await world.gateway(in: world.fixture.network(), region: "far") {
                $0.listenPort = .value(7_003)
            }
        }
        #expect(asked.count == 1)
    }

    @Test("a config that lacks a region which came later is out of date")
    func outdatedConfigs() async throws {
        let world = try await LinkedRegions()
        let network = try await world.fixture.network()
        let here = try await world.gateway(in: network, region: "local")
        let peer = try await world.fixture.peer(of: here).peer
        let before = try await world.fixture.controlPlane.perform(
            .updatePeer(peer.id, PeerChange()),
            by: world.fixture.caller
        ).peer.config
        _ = try await world.gateway(in: network, region: "far")
        let after = try await world.fixture.controlPlane.showPeer(peer.id, by: world.fixture.caller)
        #expect(after.config.revision > before.revision)
    }
}
