import GatewayDomain
import GatewayService
import GatewayStore
import ServiceTestSupport
import StoreTestSupport
import Testing

struct RegionListTests {
    @Test("regions are listed in the operator's order and keep their time of creation")
    func regions() async throws {
        let store = try await TestStore.make()
        let masterKey = MasterKey.random()
        let early = Timestamp(microseconds: 1_000_000)
        let late = Timestamp(microseconds: 2_000_000)
        let place = Region.Place(area: "EMEA", site: "B1")
        let before = try await ServiceFixture(store: store, masterKey: masterKey) {
            $0.regions = [Region(code: "b", name: "B", createdAt: early, updatedAt: early)]
        }
        #expect(try await before.controlPlane.listRegions(by: before.caller).map(\.code) == ["b"])
        let after = try await ServiceFixture(store: store, masterKey: masterKey) {
            $0.regions = [
                Region(code: "b", name: "Better", place: place, createdAt: late, updatedAt: late),
                Region(code: "a", name: "A", createdAt: late, updatedAt: late),
            ]
        }
        let regions = try await after.controlPlane.listRegions(by: after.caller)
        #expect(regions.map(\.code) == ["b", "a"])
        #expect(
            regions[0]
                == Region(
                    code: "b",
                    name: "Better",
                    place: place,
                    createdAt: early,
                    updatedAt: late
                )
        )
    }

    @Test(
        "a region is updated when only its place changes in the settings, and not when nothing does"
    )
    func newPlace() async throws {
        let store = try await TestStore.make()
        let masterKey = MasterKey.random()
        let pops = ["P1", "P2", nil, nil]
        for (start, pop) in pops.enumerated() {
            let now = Timestamp(microseconds: Int64(start))
            let region = Region(
                code: "local",
                name: "B",
                place: Region.Place(pop: pop),
                createdAt: now,
                updatedAt: now
            )
            let fixture = try await ServiceFixture(store: store, masterKey: masterKey) {
                $0.regions = [region]
            }
            let found = try await fixture.controlPlane.listRegions(by: fixture.caller)
            #expect(found.map(\.place.pop) == [pop])
            #expect(found.map(\.updatedAt.microseconds) == [Int64(min(start, 2))])
            let gateway = try await fixture.gateway(in: fixture.network())
            #expect(gateway.region == found.first)
            let shown = try await fixture.controlPlane.showGateway(gateway.id, by: fixture.caller)
            #expect(shown.region == found.first)
        }
    }

    @Test("coverage is filtered and comes in pages")
    func coverage() async throws {
        let now = Timestamp(microseconds: 0)
        let fixture = try await ServiceFixture { settings in
            settings.regions = ["ashburn-va", "frankfurt-de", "cellar"].compactMap {
                try? Region.parse($0, at: now)
            }
        }
        func list(_ filter: CoverageFilter) async throws -> PageOf<CoverageSite> {
            try await fixture.controlPlane.listCoverage(
                filter: filter,
                page: .first,
                by: fixture.caller
            )
        }
        var filter = CoverageFilter()
        filter.services = ["cloud_vpn"]
        let all = try await list(filter)
        #expect(all.elements.map(\.location.code) == ["ashburn-va", "frankfurt-de", "cellar"])
        filter.region = "EMEA"
        let european = try await list(filter)
        #expect(european.elements.map(\.location.name) == ["Frankfurt, DE"])
        filter.services = ["virtual_cross_connect"]
        #expect(try await list(filter).totalResults == 0)
    }

    @Test("a gateway keeps its region when the operator removes the region from the settings")
    func droppedRegion() async throws {
        let store = try await TestStore.make()
        let masterKey = MasterKey.random()
        let before = try await ServiceFixture(store: store, masterKey: masterKey)
        let network = try await before.network()
        let gateway = try await before.gateway(in: network)
        let other = try Region.parse("other", at: Timestamp(microseconds: 0))
        let after = try await ServiceFixture(store: store, masterKey: masterKey) {
            $0.regions = [other]
        }
        let shown = try await after.controlPlane.showGateway(gateway.id, by: after.caller)
        #expect(shown.region == gateway.region)
        let problems = await after.problems { _ = try await after.gateway(in: network) }
        #expect(
            problems.map(\.reason.sentence) == [
                "names a region without a node; wgw node create NAME --region local "
                    + "--endpoint-address HOST makes one"
            ]
        )
    }
}
