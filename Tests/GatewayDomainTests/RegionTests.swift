import GatewayDomain
import Testing

struct RegionTests {
    private let now = Timestamp(microseconds: 1)

    @Test("a bare code is named after itself")
    func bareCode() throws {
        let region = try Region.parse("local", at: now)
        #expect(region.code == "local")
        #expect(region.name == "local")
    }

    @Test("a code can be given its name")
    func namedCode() throws {
        let region = try Region.parse("cellar=The cellar = best", at: now)
        #expect(region.code == "cellar")
        #expect(region.name == "The cellar = best")
    }

    @Test("a code that clients know brings its own name")
    func knownCode() throws {
        #expect(try Region.parse("ashburn-va", at: now).name == "Ashburn VA, US")
        #expect(try Region.parse("ashburn-va=Mine", at: now).name == "Mine")
    }

    @Test("what is no code is refused", arguments: ["", "=x", "Ashburn", "a_b", "a b", "ä"])
    func badCode(text: String) {
        #expect(throws: RegionError.self) { try Region.parse(text, at: now) }
        #expect(throws: RegionError.self) {
            try Region.parse(String(repeating: "a", count: 64), at: now)
        }
    }

    @Test("an empty name is refused")
    func emptyName() {
        #expect(throws: RegionError.malformedName(" ")) { try Region.parse("local= ", at: now) }
    }

    @Test("a region's name with hidden characters is refused")
    func hiddenName() {
        #expect(throws: RegionError.self) { try Region.parse("local=a\u{202E}b", at: now) }
    }

    @Test("coverage knows where the well-known sites lie")
    func knownSite() throws {
        let site = CoverageSite(try Region.parse("chicago-il", at: now))
        #expect(site.availableServices == ["cloud_vpn"])
        #expect(site.location.region == "AMER")
        #expect(site.location.site == "ORD")
        #expect(site.location.pop == "CH1")
        #expect(site.location.name == "Chicago IL, US")
        #expect(site.location.code == "chicago-il")
    }

    @Test("coverage shows the operator's own site under its code")
    func ownSite() throws {
        let site = CoverageSite(try Region.parse("cellar", at: now))
        #expect(site.location.region == "LOCAL")
        #expect(site.location.site == "CELLAR")
        #expect(site.location.pop == "CELLAR")
    }

    @Test("all conditions of a coverage filter must hold")
    func filter() throws {
        let site = CoverageSite(try Region.parse("chicago-il", at: now))
        var filter = CoverageFilter()
        #expect(filter.admits(site))
        filter.services = ["cloud_vpn"]
        filter.region = "AMER"
        filter.pop = "CH1"
        #expect(filter.admits(site))
        filter.site = "FRA"
        #expect(!filter.admits(site))
        filter.site = nil
        filter.services = ["cloud_vpn", "private_wireless_gateway"]
        #expect(!filter.admits(site))
    }
}
