import GatewayDomain
import GatewayService
import GatewayStore
import NetAddress
import NodeProtocol
import ServiceTestSupport
import Testing

/// What follows of internet gateways, default gateways and services for nodes, statuses and ranges.
struct WaysOutTests {
    private struct World {
        let fixture: ServiceFixture
        let network: Network

        init(pool: String? = nil) async throws {
            let pool = try pool.map { try IPv4Prefix($0) }
            fixture = try await ServiceFixture { settings in
                if let pool { settings.egressPool = pool }
                settings.regions.append(
                    Region(
                        code: "far",
                        name: "Far",
                        createdAt: Timestamp(microseconds: 0),
                        updatedAt: Timestamp(microseconds: 0)
                    )
                )
            }
            network = try await fixture.network()
        }

        var feed: LocalNodeFeed { fixture.controlPlane.nodeFeed }

        func gateway(in region: String = "local", length: Int = 24) async throws -> Gateway {
            try await fixture.gateway(in: network) {
                $0.regionCode = .value(region)
                $0.subnetPrefixLength = .value(length)
            }
        }

        func internetGateway(in region: String = "local") async throws -> InternetGateway {
            var request = NewInternetGateway()
            request.networkID = .value(network.id)
            request.regionCode = .value(region)
            return try await fixture.controlPlane.perform(
                .createInternetGateway(request),
                by: fixture.caller
            )
        }

        func makeDefault(_ peer: Peer?) async throws -> DefaultGateway {
            var request = NewDefaultGateway()
            if let peer { request.peerID = .value(peer.id) }
            return try await fixture.controlPlane.perform(
                .createDefaultGateway(of: network.id, request),
                by: fixture.caller
            )
        }

        func egress(of gateway: Gateway) async throws -> EgressProvision? {
            try await feed.snapshot().gateways.first { $0.id == gateway.id }?.egress
        }

        func report(_ gateway: Gateway, _ standing: GatewayStanding) async throws {
            try await feed.report(gateways: [GatewayReport(id: gateway.id, standing: standing)])
        }

        func shown(_ gateway: InternetGateway) async throws -> InternetGateway {
            try await fixture.controlPlane.showInternetGateway(gateway.id, by: fixture.caller)
        }

        func shownDefault() async throws -> DefaultGateway? {
            try await fixture.controlPlane.showDefaultGateway(of: network.id, by: fixture.caller)
        }

        func config(of peer: Peer) async throws -> String {
            try await fixture.configText(of: peer, fullTunnel: true)
        }

        func state(of peer: Peer) async throws -> ConfigState {
            try await fixture.controlPlane.showPeer(peer.id, by: fixture.caller).config.state
        }
    }

    private static let provisioned = GatewayStanding(status: .provisioned, reason: nil)

    @Test("a node is told the services and the internet of a gateway, and of each change")
    func provisions() async throws {
        let world = try await World()
        let plain = try await world.gateway()
        #expect(try await world.egress(of: plain) == nil)
        let all = try await world.fixture.gateway(in: world.network) {
            $0.enablesSIPTrunking = .value(true)
        }
        #expect(try await world.egress(of: all) == nil, "there is no service yet")
        let start = try await world.feed.snapshot().revision
        let ports = try #require(PortRange("5060"))
        _ = try await world.fixture.privateService("sip", ["192.0.2.0/24", "198.51.100.7/32"]) {
            $0.transport = .value(.udp)
            $0.ports = .value([.value(ports)])
        }
        let news = try #require(try await world.feed.changes(after: start))
        #expect(news.changes.map(\.summary) == ["gateway+ \(all.id)"])
        let egress = try #require(try await world.egress(of: all))
        #expect(
            egress.services == [
                .init(prefix: try IPv4Prefix("192.0.2.0/24"), transport: .udp, ports: [ports]),
                .init(prefix: try IPv4Prefix("198.51.100.7/32"), transport: .udp, ports: [ports]),
            ]
        )
        #expect(!egress.hasInternet)
        _ = try await world.internetGateway()
        let later = try #require(try await world.feed.changes(after: news.revision))
        #expect(
            Set(later.changes.map(\.summary)) == ["gateway+ \(plain.id)", "gateway+ \(all.id)"]
        )
        #expect(try await world.egress(of: plain)?.hasInternet == true)
        #expect(try await world.egress(of: plain)?.services == [])
    }

    @Test("services are no part of the internet, whether a gateway leads to them or not")
    func reserved() async throws {
        let world = try await World()
        let (plain, far) = (try await world.gateway(), try await world.gateway(in: "far"))
        _ = try await world.internetGateway()
        #expect(try await world.egress(of: plain)?.reserved == [])
        let start = try await world.feed.snapshot().revision
        _ = try await world.fixture.privateService("sip", ["192.0.2.0/24"])
        let news = try #require(try await world.feed.changes(after: start))
        #expect(news.changes.map(\.summary) == ["gateway+ \(plain.id)"])
        let egress = try #require(try await world.egress(of: plain))
        #expect(egress.reserved == [try IPv4Prefix("192.0.2.0/24")] && egress.services.isEmpty)
        #expect(try await world.egress(of: far) == nil)
    }

    @Test(
        "each gateway with a way out has a range of its own, as long as its subnet, until it has no way out"
    )
    func ranges() async throws {
        let world = try await World()
        let gateways = [
            try await world.gateway(), try await world.gateway(length: 20),
            try await world.gateway(),
        ]
        let exit = try await world.internetGateway()
        var ranges: [IPv4Prefix] = []
        for gateway in gateways {
            let range = try #require(try await world.egress(of: gateway)?.mappedRange)
            #expect(range.length == gateway.subnet.length)
            #expect(SubnetPlan.defaultEgressPool.contains(range))
            #expect(!ranges.contains(where: range.overlaps))
            ranges.append(range)
        }
        _ = try await world.fixture.controlPlane.perform(
            .deleteInternetGateway(exit.id),
            by: world.fixture.caller
        )
        #expect(try await world.egress(of: gateways[0]) == nil)
        _ = try await world.internetGateway()
        for gateway in gateways {
            let range = try #require(try await world.egress(of: gateway)?.mappedRange)
            #expect(!ranges.contains(where: range.overlaps), "the kernel may know old connections")
            ranges.append(range)
        }
        _ = try await world.fixture.controlPlane.deleteGateway(
            gateways[0].id,
            by: world.fixture.caller
        )
        let next = try #require(try await world.egress(of: world.gateway())?.mappedRange)
        #expect(!ranges.contains(where: next.overlaps), "the kernel may know old connections")
    }

    @Test("where the pool has no room, a gateway has no range, until one is free")
    func fullPool() async throws {
        let world = try await World(pool: "198.18.0.0/24")
        _ = try await world.internetGateway()
        let first = try await world.gateway()
        let second = try await world.gateway()
        #expect(try await world.egress(of: first)?.mappedRange == IPv4Prefix("198.18.0.0/24"))
        #expect(try await world.egress(of: second) != nil)
        #expect(try await world.egress(of: second)?.mappedRange == nil)
        _ = try await world.fixture.controlPlane.deleteGateway(first.id, by: world.fixture.caller)
        #expect(try await world.egress(of: second)?.mappedRange == IPv4Prefix("198.18.0.0/24"))
        let third = try await world.gateway()
        #expect(try await world.egress(of: third) != nil)
        #expect(try await world.egress(of: third)?.mappedRange == nil)
        var settings = world.fixture.settings
        settings.egressPool = try IPv4Prefix("198.19.0.0/16")
        let started = ControlPlane(
            store: world.fixture.store,
            settings: settings,
            masterKey: world.fixture.masterKey,
            now: { world.fixture.clock.now() }
        )
        _ = try await started.prepareInstallation(firstKey: nil)
        let moved = try #require(try await world.egress(of: second)?.mappedRange)
        let given = try #require(try await world.egress(of: third)?.mappedRange)
        #expect(settings.egressPool.contains(moved) && settings.egressPool.contains(given))
        #expect(!moved.overlaps(given))
    }

    @Test("an internet gateway is provisioned while no gateway of its region waits for a way out")
    func internetStatus() async throws {
        let world = try await World()
        let exit = try await world.internetGateway()
        #expect(exit.status == .provisioned)
        let far = try await world.gateway(in: "far")
        #expect(try await world.shown(exit).status == .provisioned)
        let gateway = try await world.gateway()
        #expect(try await world.shown(exit).status == .provisioning)
        try await world.report(gateway, .lackingEgress(because: "no right to do so"))
        let waiting = try await world.shown(exit)
        #expect(waiting.status == .provisioning && waiting.statusReason == "no right to do so")
        let shown = try await world.fixture.controlPlane.showGateway(
            gateway.id,
            by: world.fixture.caller
        )
        #expect(shown.status == .provisioning && shown.lacksEgress)
        try await world.report(gateway, Self.provisioned)
        #expect(try await world.shown(exit).status == .provisioned)
        #expect(try await world.shown(exit).statusReason == nil)
        #expect(far.status == .provisioning, "it is in another region")
    }

    @Test("a default gateway is provisioned with the gateway of its peer, whose node has the route")
    func defaultStatus() async throws {
        let world = try await World()
        let gateway = try await world.gateway()
        let exit = try await world.fixture.peer(of: gateway).peer
        let revision = try await world.feed.snapshot().revision
        let made = try await world.makeDefault(exit)
        #expect(made.status == .provisioning)
        let news = try #require(try await world.feed.changes(after: revision))
        guard case .peerPut(let provision)? = news.changes.first else {
            Issue.record("\(news.changes.map(\.summary))")
            return
        }
        #expect(provision.id == exit.id && provision.allowedIPs == [.v4(.everything)])
        try await world.report(gateway, .lackingEgress(because: "no right"))
        #expect(try await world.shownDefault()?.status == .provisioned, "peers are carried")
        #expect(
            try await world.fixture.controlPlane.showPeer(exit.id, by: world.fixture.caller)
                .isDefaultGateway
        )
        _ = try await world.fixture.controlPlane.perform(
            .deleteDefaultGateway(of: world.network.id),
            by: world.fixture.caller
        )
        let later = try #require(try await world.feed.changes(after: news.revision))
        guard case .peerPut(let without)? = later.changes.last else {
            Issue.record("\(later.changes.map(\.summary))")
            return
        }
        #expect(without.allowedIPs == [])
        let nobody = try await world.makeDefault(nil)
        #expect(nobody.status == .provisioning)
        #expect(nobody.statusReason?.hasPrefix("it names no peer") == true)
    }

    @Test("a default gateway is replaced in one step, and one that is named again stays as it is")
    func replacedDefault() async throws {
        let world = try await World()
        let gateway = try await world.gateway()
        let first = try await world.fixture.peer(of: gateway).peer
        let second = try await world.fixture.peer(of: gateway).peer
        func choose(_ peer: PeerID) async throws -> DefaultGateway {
            var request = NewDefaultGateway()
            request.peerID = .value(peer)
            return try await world.fixture.controlPlane.perform(
                .replaceDefaultGateway(of: world.network.id, request),
                by: world.fixture.caller
            )
        }
        let made = try await choose(first.id)
        #expect(try await choose(first.id) == made)
        #expect(try await choose(second.id).peerID == second.id)
        #expect(try await world.shownDefault()?.peerID == second.id)
        let stranger = try await world.fixture.peer(
            of: world.fixture.gateway(in: world.fixture.network())
        ).peer
        let problems = await world.fixture.problems { _ = try await choose(stranger.id) }
        #expect(problems.map(\.reason) == [.unknownAssociation])
        #expect(try await world.shownDefault()?.peerID == second.id, "it must stay")
    }

    @Test("of two routes to everything the one that carries is active, region by region")
    func activeDefaults() async throws {
        let world = try await World()
        let near = try await world.gateway()
        for gateway in [near] { try await world.report(gateway, Self.provisioned) }
        _ = try await world.makeDefault(try await world.fixture.peer(of: near).peer)
        func active() async throws -> [NetworkRoute.NextHop.HopKind] {
            try await world.fixture.controlPlane.listNetworkRoutes(
                networkID: world.network.id,
                page: .first,
                by: world.fixture.caller
            ).elements.filter { $0.prefix == .v4(.everything) && $0.status == .active }
                .map(\.nextHop.kind)
        }
        #expect(try await active() == [.peer])
        _ = try await world.internetGateway()
        try await world.report(near, Self.provisioned)
        #expect(try await active() == [.internetGateway])
        let far = try await world.gateway(in: "far")
        try await world.report(far, Self.provisioned)
        #expect(try await active() == [.peer, .internetGateway])
    }

    @Test("configs lead everything to the gateway where its region, or the network, has a way out")
    func configs() async throws {
        let world = try await World()
        let (near, far) = (try await world.gateway(), try await world.gateway(in: "far"))
        let exit = try await world.fixture.peer(of: near).peer
        let peers = [
            exit, try await world.fixture.peer(of: near).peer,
            try await world.fixture.peer(of: far).peer,
        ]
        func expect(_ wide: [Bool], _ outdated: [Bool], _ change: () async throws -> Void)
            async throws
        {
            for peer in peers { _ = try await world.config(of: peer) }
            try await change()
            var states: [Bool] = []
            for peer in peers { states.append(try await world.state(of: peer) == .outdated) }
            #expect(states == outdated)
            var texts: [Bool] = []
            for peer in peers {
                texts.append(try await world.config(of: peer).contains("0.0.0.0/0"))
            }
            #expect(texts == wide)
        }
        var internet: InternetGateway?
        try await expect([true, true, false], [true, true, false]) {
            internet = try await world.internetGateway()
        }
        try await expect([true, true, true], [false, false, true]) {
            _ = try await world.makeDefault(exit)
        }
        try await expect([false, true, true], [true, false, false]) {
            let id = try #require(internet).id
            _ = try await world.fixture.controlPlane.perform(
                .deleteInternetGateway(id),
                by: world.fixture.caller
            )
        }
        try await expect([false, false, false], [true, true, true]) {
            _ = try await world.fixture.controlPlane.perform(
                .deleteDefaultGateway(of: world.network.id),
                by: world.fixture.caller
            )
        }
    }
}
