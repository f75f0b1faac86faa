import GatewayDomain
import GatewayService
import GatewayStore
import NetAddress
import NodeProtocol
import PeerConfig
import ServiceTestSupport
import Testing

/// Private services that the region of a gateway does not have, and what follows for nodes, configs and statuses.
struct DistantWaysOutTests {
    private static let prefix = "192.0.2.0/24"

    /// One network; the service sip is in region far, or in those that a test names.
    private struct Field {
        let world: LinkedRegions
        let network: Network
        let service: PrivateService

        init(
            regions: [String] = ["far"],
            adjust: @escaping (inout InstallationSettings) -> Void = { _ in }
        ) async throws {
            world = try await LinkedRegions(adjust: adjust)
            network = try await world.fixture.network()
            service = try await world.fixture.privateService("sip", [prefix]) {
                $0.regionCodes = .value(regions.map { .value($0) })
            }
        }

        var fixture: ServiceFixture { world.fixture }

        func gateway(_ region: String, services names: [String]? = nil) async throws -> Gateway {
            try await world.gateway(in: network, region: region) {
                if let names { $0.serviceNames = .value(names.map { .value($0) }) }
            }
        }

        func update(
            _ gateway: Gateway,
            _ adjust: (inout GatewayChange) -> Void
        ) async throws {
            var change = GatewayChange()
            adjust(&change)
            _ = try await fixture.controlPlane.perform(
                .updateGateway(gateway.id, change),
                by: fixture.caller
            )
        }

        func update(_ adjust: (inout PrivateServiceChange) -> Void) async throws {
            var change = PrivateServiceChange()
            adjust(&change)
            _ = try await fixture.controlPlane.perform(
                .updatePrivateService(service.id, change),
                by: fixture.caller
            )
        }

        func delete(_ gateway: Gateway) async throws {
            _ = try await fixture.controlPlane.deleteGateway(gateway.id, by: fixture.caller)
        }

        /// What a gateway of the embedded node reaches, by the gateway that it is reached through.
        func ways(of gateway: Gateway) async throws -> [GatewayID: LinkProvision.WayOut] {
            try await ways(world.near) { link in
                link.gatewayID == gateway.id ? (link.remoteGatewayID, link.wayOut) : nil
            }
        }

        /// What leaves at a node of what another gateway's peers send, by the gateway that it leaves through.
        func remoteWays(
            of gateway: Gateway,
            at node: GatewayNode
        ) async throws -> [GatewayID: LinkProvision.WayOut] {
            try await ways(node) { link in
                link.remoteGatewayID == gateway.id ? (link.gatewayID, link.remoteWayOut) : nil
            }
        }

        private func ways(
            _ node: GatewayNode,
            _ read: (LinkProvision) -> (GatewayID, LinkProvision.WayOut?)?
        ) async throws -> [GatewayID: LinkProvision.WayOut] {
            var found: [GatewayID: LinkProvision.WayOut] = [:]
            for link in try await world.provisions(node) {
                if let (gateway, wayOut) = read(link), let wayOut { found[gateway] = wayOut }
            }
            return found
        }

        func stored(_ gateway: Gateway) async throws -> Gateway {
            try #require(try await fixture.store.read { try Gateways.find(gateway.id, $0) })
        }

        /// Both nodes have taken up what they were told.
        func report(_ gateways: Gateway...) async throws {
            for gateway in gateways {
                let node = [world.near, world.far, world.farther].first {
                    $0.id == gateway.nodeID
                }
                try await world.feed(try #require(node)).report(
                    gateways: [GatewayReport(id: gateway.id, status: .provisioned, reason: nil)]
                )
            }
        }

        func tunnel(of peer: Peer) async throws -> String {
            try await fixture.controlPlane.readPeerTunnel(
                peer.id,
                fullTunnel: false,
                isFetch: false,
                by: fixture.caller
            ).config(for: .wgQuick)
        }
    }

    @Test(
        "both nodes are told of a service that the gateway of one of them leads to for the other's"
    )
    func provisions() async throws {
        let field = try await Field()
        let here = try await field.gateway("local", services: ["sip"])
        let far = try await field.gateway("far")
        #expect(try await field.ways(of: here).isEmpty, "no gateway leads there")
        try await field.update(far) { $0.enablesSIPTrunking = .value(true) }
        let wayOut = try #require(try await field.ways(of: here)[far.id])
        #expect(wayOut.services.map(\.prefix) == [try IPv4Prefix(Self.prefix)])
        let range = try #require(wayOut.mappedRange)
        #expect(range.length == here.subnet.length)
        #expect(try await field.stored(far).egressRange.map(range.overlaps) == false)
        #expect(try await field.remoteWays(of: here, at: field.world.far) == [far.id: wayOut])
        // The other way round there is nothing.
        #expect(try await field.remoteWays(of: far, at: field.world.near).isEmpty)

        try await field.update(here) { $0.serviceNames = .value([]) }
        #expect(try await field.ways(of: here).isEmpty)
        #expect(try await field.remoteWays(of: here, at: field.world.far).isEmpty)
    }

    @Test(
        "the first gateway that leads there does it, and the next one when it is gone or leads there no more"
    )
    func firstOfSeveral() async throws {
        let field = try await Field(regions: ["far", "farther"])
        let here = try await field.gateway("local", services: ["sip"])
        let first = try await field.gateway("farther", services: ["sip"])
        let second = try await field.gateway("far", services: ["sip"])
        let third = try await field.gateway("far", services: ["sip"])
        #expect(try await field.ways(of: here).keys.map(\.self) == [first.id])
        try await field.update(first) { $0.serviceNames = .value([]) }
        #expect(try await field.ways(of: here).keys.map(\.self) == [second.id])
        try await field.delete(second)
        #expect(try await field.ways(of: here).keys.map(\.self) == [third.id])
        try await field.update(first) { $0.serviceNames = .value([.value("sip")]) }
        #expect(try await field.ways(of: here).keys.map(\.self) == [first.id])
    }

    @Test(
        "a service of the gateway's own region takes no link, and goes over one when the region loses it"
    )
    func ownRegionFirst() async throws {
        let field = try await Field(regions: ["local", "far"])
        let here = try await field.gateway("local", services: ["sip"])
        let far = try await field.gateway("far", services: ["sip"])
        #expect(try await field.ways(of: here).isEmpty)
        try await field.update { $0.regionCodes = .value([.value("far")]) }
        #expect(try await field.ways(of: here).keys.map(\.self) == [far.id])
        try await field.update { $0.regionCodes = .null }
        #expect(try await field.ways(of: here).isEmpty)
    }

    @Test(
        "gateways that share a node, or have different networks or organizations, lead to nothing for each other"
    )
    func strangers() async throws {
        let field = try await Field()
        let here = try await field.gateway("local", services: ["sip"])
        let other = try await field.fixture.network()
        _ = try await field.world.gateway(in: other, region: "far") {
            $0.enablesSIPTrunking = .value(true)
        }
        #expect(try await field.ways(of: here).isEmpty)
        let far = try await field.gateway("far", services: ["sip"])
        #expect(try await field.ways(of: here).count == 1)
        let stranger = try await field.fixture.stranger()
        try await field.update { $0.organizationIDs = .value([.value(stranger.organizationID)]) }
        #expect(try await field.ways(of: here).isEmpty)
        #expect(try await field.remoteWays(of: far, at: field.world.near).isEmpty)
    }

    @Test(
        "the prefixes are in configs of the gateway's peers while it leads there, and each change makes them outdated"
    )
    func configs() async throws {
        let field = try await Field()
        let here = try await field.gateway("local", services: ["sip"])
        let peer = try await field.fixture.peer(of: here).peer
        let far = try await field.gateway("far")
        let farPeer = try await field.fixture.peer(of: far).peer
        func revision(_ peer: Peer) async throws -> Int64 {
            try await field.fixture.controlPlane.showPeer(peer.id, by: field.fixture.caller).config
                .revision
        }
        var known = try await revision(peer)
        #expect(try await !field.tunnel(of: peer).contains(Self.prefix))

        try await field.update(far) { $0.serviceNames = .value([.value("sip")]) }
        #expect(try await field.tunnel(of: peer).contains(Self.prefix))
        #expect(try await revision(peer) > known)
        known = try await revision(peer)

        let port = try #require(PortRange("5060"))
        try await field.update { $0.ports = .value([.value(port)]) }
        #expect(try await revision(peer) == known, "configs do not have ports")
        #expect(try await field.ways(of: here)[far.id]?.services.first?.ports == [port])

        let other = try IPv4Prefix("198.51.100.0/24")
        try await field.update { $0.prefixes = .value([.value(other)]) }
        #expect(try await field.tunnel(of: peer).contains("198.51.100.0/24"))
        #expect(try await revision(peer) > known)
        known = try await revision(peer)

        let farKnown = try await revision(farPeer)
        try await field.update(here) { $0.serviceNames = .value([]) }
        #expect(try await !field.tunnel(of: peer).contains("198.51.100.0/24"))
        #expect(try await revision(peer) > known)
        #expect(try await revision(farPeer) == farKnown, "of the other gateway's peers")
    }

    @Test("a service that is deleted is reached no more")
    func deletion() async throws {
        let field = try await Field()
        let here = try await field.gateway("local", services: ["sip"])
        let far = try await field.gateway("far", services: ["sip"])
        _ = try await field.fixture.controlPlane.perform(
            .deletePrivateService(field.service.id),
            by: field.fixture.caller
        )
        #expect(try await field.ways(of: here).isEmpty)
        #expect(try await field.remoteWays(of: here, at: field.world.far).isEmpty)
        let links = try await field.fixture.store.read { try BackboneLinks.all($0) }
        #expect(links.flatMap(\.ends).allSatisfy { $0.services.isEmpty && $0.egressRange == nil })
        #expect(try await field.stored(far).serviceNames == [])
    }

    @Test("neither gateway is provisioned until its own node has taken up a change")
    func awaiting() async throws {
        let field = try await Field()
        let here = try await field.gateway("local", services: ["sip"])
        let far = try await field.gateway("far", services: ["sip"])
        try await field.report(here, far)
        let start = try await field.world.feed(field.world.near).snapshot().revision
        let port = try #require(PortRange("5060"))
        try await field.update { $0.ports = .value([.value(port)]) }
        for gateway in [here, far] {
            let stored = try await field.stored(gateway)
            #expect(stored.status == .provisioning && stored.lacksEgress)
        }
        let news = try #require(try await field.world.feed(field.world.near).changes(after: start))
        let told = news.changes.map(\.summary)
        #expect(told.contains("gateway+ \(here.id)"))
        #expect(told.contains { $0.hasPrefix("link+ ") })
        try await field.report(here, far)
        for gateway in [here, far] {
            #expect(try await field.stored(gateway).status == .provisioned)
        }
    }

    @Test(
        "a pool without room for the gateway's subnet on the other node is told, and room that comes is given"
    )
    func room() async throws {
        let pool = try IPv4Prefix("198.18.0.0/23")
        let field = try await Field { $0.egressPool = pool }
        let here = try await field.gateway("local", services: ["sip"])
        let spare = try await field.gateway("far", services: ["sip"])
        let far = try await field.gateway("far", services: ["sip"])
        // Of two ranges, one was given for this node's gateway before the second gateway there came.
        #expect(try await field.ways(of: here)[spare.id]?.mappedRange != nil)
        #expect(try await field.stored(far).egressRange == nil)
        try await field.update(here) { $0.serviceNames = .value([]) }
        #expect(try await field.stored(far).egressRange != nil, "what is free is given")
        try await field.update(here) { $0.serviceNames = .value([.value("sip")]) }
        let wayOut = try #require(try await field.ways(of: here)[spare.id])
        #expect(wayOut.mappedRange == nil)
        try await field.delete(far)
        #expect(try await field.ways(of: here)[spare.id]?.mappedRange != nil)
    }

    @Test(
        "a gateway that names a service and gets it nowhere is remarked on, until another one leads there"
    )
    func gaps() async throws {
        let field = try await Field()
        let here = try await field.gateway("local", services: ["sip"])
        func remarks() async throws -> [String] {
            try await field.fixture.controlPlane.overview(by: field.fixture.caller).remarks
                .filter { $0.code == .serviceMissing }.map(\.message)
        }
        let told = try await remarks()
        #expect(told.count == 1)
        #expect(
            told.first?.contains("names the private service sip, which region local does not have")
                == true
        )
        let diagnosis = try await field.fixture.controlPlane.diagnoseGateway(
            here.id,
            by: field.fixture.caller
        )
        #expect(diagnosis.findings.contains { $0.code == .serviceMissing })
        _ = try await field.gateway("far", services: ["sip"])
        #expect(try await remarks().isEmpty)
    }

    @Test("an explanation follows a packet over the link to the gateway that leads to the service")
    func explanation() async throws {
        let field = try await Field()
        let here = try await field.gateway("local", services: ["sip"])
        let far = try await field.gateway("far", services: ["sip"])
        let peer = try await field.fixture.peer(of: here).peer
        try await field.report(here, far)
        let port = try #require(PortRange("5060"))
        try await field.update { $0.ports = .value([.value(port)]) }
        try await field.report(here)
        func steps() async throws -> [PathStep.Condition: PathStep] {
            let found = try await field.fixture.controlPlane.explainPath(
                in: field.network.id,
                from: "\(peer.id)",
                to: "192.0.2.5",
                by: field.fixture.caller
            )
            return Dictionary(found.steps.map { ($0.condition, $0) }) { $1 }
        }
        let untaken = try await steps()
        #expect(untaken[.wayOut]?.outcome == .failed)
        #expect(untaken[.wayOut]?.message.contains("\(far.id)") == true)
        try await field.report(far)
        let told = try await steps()
        #expect(told[.route]?.outcome == .ok)
        #expect(told[.route]?.message.contains("over its link to gateway \(far.id)") == true)
        #expect(told[.link]?.outcome == .unknown)
        #expect(told[.wayOut]?.outcome == .ok)
        #expect(told[.sourceConfig]?.outcome != .failed)
        let link = try #require(try await field.world.links().first)
        for (gateway, node) in [(here, field.world.near), (far, field.world.far)] {
            try await field.world.feed(node).report(
                links: [LinkReport(id: link.id, gatewayID: gateway.id, state: .detour)]
            )
        }
        let around = try #require(try await steps()[.link])
        #expect(around.outcome == .failed && around.message.contains("no way around"))
    }

    @Test(
        "the internet is reached over the first internet gateway of another region, where the own one has none"
    )
    func internet() async throws {
        let field = try await Field()
        let here = try await field.gateway("local")
        let peer = try await field.fixture.peer(of: here).peer
        let far = try await field.gateway("far")
        let farther = try await field.gateway("farther")
        func make(_ region: String) async throws -> InternetGateway {
            var request = NewInternetGateway()
            request.networkID = .value(field.network.id)
            request.regionCode = .value(region)
            return try await field.fixture.controlPlane.perform(
                .createInternetGateway(request),
                by: field.fixture.caller
            )
        }
        func delete(_ gateway: InternetGateway) async throws {
            _ = try await field.fixture.controlPlane.perform(
                .deleteInternetGateway(gateway.id),
                by: field.fixture.caller
            )
        }
        func config() async throws -> (isFull: Bool, revision: Int64) {
            let tunnel = try await field.fixture.controlPlane.readPeerTunnel(
                peer.id,
                fullTunnel: true,
                by: field.fixture.caller
            )
            let shown = try await field.fixture.controlPlane.showPeer(
                peer.id,
                by: field.fixture.caller
            )
            return (
                tunnel.config(for: .wgQuick).contains("0.0.0.0/0"), shown.config.revision
            )
        }
        let without = try await config()
        #expect(!without.isFull)
        let first = try await make("farther")
        let wayOut = try #require(try await field.ways(of: here)[farther.id])
        #expect(wayOut.hasInternet && wayOut.mappedRange != nil)
        #expect(wayOut.reserved == [try IPv4Prefix(Self.prefix)])
        #expect(try await field.remoteWays(of: here, at: field.world.farther)[farther.id] == wayOut)
        let with = try await config()
        #expect(with.isFull && with.revision > without.revision)

        let second = try await make("far")
        #expect(try await field.ways(of: here).keys.map(\.self) == [farther.id])
        try await delete(first)
        #expect(try await field.ways(of: here).keys.map(\.self) == [far.id])
        let own = try await make("local")
        #expect(try await field.ways(of: here).isEmpty)
        try await delete(own)
        #expect(try await field.ways(of: here).keys.map(\.self) == [far.id])

        _ = try await field.fixture.privateService("api", ["198.51.100.0/24"])
        #expect(try await field.ways(of: here)[far.id]?.reserved.count == 2)
        try await field.report(here, far)
        let explained = try await field.fixture.controlPlane.explainPath(
            in: field.network.id,
            from: "\(peer.id)",
            to: "9.9.9.9",
            by: field.fixture.caller
        )
        let route = try #require(explained.steps.first { $0.condition == .route })
        #expect(
            route.outcome == .ok && route.message.contains("over its link to gateway \(far.id)")
        )
        try await delete(second)
        #expect(try await field.ways(of: here).isEmpty)
        let last = try await config()
        #expect(!last.isFull && last.revision > with.revision)
    }
}
