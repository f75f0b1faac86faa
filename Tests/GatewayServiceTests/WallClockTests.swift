import GatewayDomain
import GatewayStore
import ServiceTestSupport
import Testing

@testable import GatewayService

/// Whoever keeps the time of a machine may set it, by years, and under a running server.
@Suite("A clock that is set")
struct WallClockTests {
    private static let year: Int64 = 31_536_000

    @Test(
        "after the wall clock was set back, lists go on at their end, and pages show everything once"
    )
    func order() async throws {
        let fixture = try await ServiceFixture()
        var networks: [NetworkID] = []
        var gateways: [GatewayID] = []
        var peers: [PeerID] = []
        var keys = try await fixture.controlPlane.listAPIKeys(page: .first, by: fixture.caller)
            .elements.map(\.id)
        var organizations = try await fixture.controlPlane
            .listOrganizations(name: nil, page: .first, by: fixture.caller).elements.map(\.id)
        for number in 0..<5 {
            let network = try await fixture.network()
            networks.append(network.id)
            gateways.append(try await fixture.gateway(in: network).id)
            var key = NewAPIKey()
            key.name = .value("k")
            key.role = .value(.viewer)
            keys.append(
                try await fixture.controlPlane.perform(.createAPIKey(key), by: fixture.caller).key
                    .id
            )
            var organization = NewOrganization()
            organization.name = .value("o\(number)")
            organizations.append(
                try await fixture.controlPlane.perform(
                    .createOrganization(organization),
                    by: fixture.caller
                ).id
            )
            fixture.clock.advance(seconds: -3_600)
        }
        let gateway = try await fixture.gateway(in: fixture.network())
        for _ in 0..<5 {
            peers.append(try await fixture.peer(of: gateway).peer.id)
            fixture.clock.advance(seconds: -3_600)
        }
        let controlPlane = fixture.controlPlane
        let caller = fixture.caller
        #expect(
            try await Self.pages {
                try await controlPlane.listPeers(
                    page: $0,
                    by: caller
                )
            }.map(\.id) == peers
        )
        #expect(
            try await Self.pages {
                try await controlPlane.listNetworks(
                    page: $0,
                    by: caller
                )
            }.map(\.id).prefix(5) == networks[...]
        )
        #expect(
            try await Self.pages {
                try await controlPlane.listGateways(
                    page: $0,
                    by: caller
                )
            }.map(\.id) == gateways + [gateway.id]
        )
        #expect(
            try await Self.pages {
                try await controlPlane.listAPIKeys(
                    page: $0,
                    by: caller
                )
            }.map(\.id) == keys
        )
        #expect(
            try await Self.pages {
                try await controlPlane.listOrganizations(
                    name: nil,
                    page: $0,
                    by: caller
                )
            }.map(\.id) == organizations
        )
    }

    @Test("after the wall clock was set back, a network's gateways of both kinds keep their order")
    func interfaces() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        var ids = [try await fixture.gateway(in: network).id.description]
        fixture.clock.advance(seconds: -Self.year)
        var request = NewInternetGateway()
        request.networkID = .value(network.id)
        request.regionCode = .value("local")
        ids.append(
            try await fixture.controlPlane.perform(
                .createInternetGateway(request),
                by: fixture.caller
            )
            .id.description
        )
        fixture.clock.advance(seconds: -Self.year)
        ids.append(try await fixture.gateway(in: network).id.description)
        let listed = try await fixture.controlPlane.listNetworkInterfaces(
            network.id,
            filter: InterfaceFilter(),
            page: .first,
            by: fixture.caller
        )
        #expect(listed.elements.map { "\($0.id)" } == ids)
    }

    @Test(
        "after the wall clock was set forward and back, keys with an end authenticate, at the right time"
    )
    func keys() async throws {
        let fixture = try await ServiceFixture()
        fixture.clock.advance(seconds: Self.year)
        _ = try await fixture.network()
        fixture.clock.advance(seconds: -Self.year)
        let now = fixture.clock.now()
        var request = NewAPIKey()
        request.name = .value("k")
        request.role = .value(.viewer)
        request.expiresAt = .value(now.advanced(bySeconds: 3_600))
        let made = try await fixture.controlPlane.perform(
            .createAPIKey(request),
            by: fixture.caller
        )
        #expect(made.key.createdAt < now.advanced(bySeconds: 60))
        #expect(try await fixture.controlPlane.authenticate(bearer: made.text) != nil)
        fixture.clock.advance(seconds: 3_601)
        #expect(try await fixture.controlPlane.authenticate(bearer: made.text) == nil)
    }

    @Test(
        "after the wall clock was set forward and back, freed addresses are quarantined ten minutes"
    )
    func rest() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let gateway = try await fixture.gateway(in: network)
        let other = try await fixture.gateway(in: network)
        let peer = try await fixture.peer(of: gateway).peer
        fixture.clock.advance(seconds: Self.year)
        _ = try await fixture.controlPlane.perform(.deletePeer(peer.id), by: fixture.caller)
        _ = try await fixture.controlPlane.deleteGateway(other.id, by: fixture.caller)
        fixture.clock.advance(seconds: -Self.year)
        #expect(try await fixture.peer(of: gateway).peer.address != peer.address)
        #expect(try await fixture.gateway(in: network).subnet != other.subnet)
        fixture.clock.advance(seconds: 601)
        #expect(try await fixture.peer(of: gateway).peer.address == peer.address)
        #expect(try await fixture.gateway(in: network).subnet == other.subnet)
    }

    @Test(
        "after the wall clock was set forward and back, what is kept for a time expires in its time"
    )
    func expiry() async throws {
        let fixture = try await ServiceFixture { $0.eventDays = 2 }
        fixture.clock.advance(seconds: Self.year)
        _ = try await fixture.network()
        fixture.clock.advance(seconds: -Self.year)
        // As housekeeping does every minute: what is dated ahead is kept from then on.
        try await fixture.controlPlane.discardExpired()
        _ = try await fixture.network()
        fixture.clock.advance(seconds: 3 * 86_400)
        _ = try await fixture.network()
        try await fixture.controlPlane.discardExpired()
        let events = try await fixture.store.read {
            try $0.number("SELECT count(*) AS value FROM event")
        }
        #expect(events == 1)
    }

    @Test("after the wall clock was set back, a key's use is written down again")
    func use() async throws {
        let fixture = try await ServiceFixture()
        let notes = UseNotes<APIKeyID>()
        let (key, now) = (APIKeyID.random(), fixture.clock.now())
        let uses = [0, 59, 60, -Self.year, 30 - Self.year, 60 - Self.year].map {
            notes.take(key, lastUsedAt: nil, at: now.advanced(bySeconds: $0))
        }
        #expect(uses == [true, false, true, true, false, true])
    }

    private static func pages<Element>(
        _ list: (Page) async throws -> PageOf<Element>
    ) async throws -> [Element] {
        var elements: [Element] = []
        var number = 1
        while true {
            let page = try await list(#require(Page(number: number, size: 2)))
            elements += page.elements
            guard number < page.totalPages else { return elements }
            number += 1
        }
    }
}
