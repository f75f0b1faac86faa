import GatewayDomain
import Testing

struct RegionTests {
    private let now = Timestamp(microseconds: 1)

    @Test("a region given by its code alone is named after it")
    func bareCode() throws {
        let region = try Region.parse("local", at: now)
        #expect(region.code == "local")
        #expect(region.name == "local")
    }

    @Test("a region can be given a name with its code")
    func namedCode() throws {
        let region = try Region.parse("cellar=The cellar = best", at: now)
        #expect(region.code == "cellar")
        #expect(region.name == "The cellar = best")
    }

    @Test("a region whose code clients know has the name that they know")
    func knownCode() throws {
        #expect(try Region.parse("ashburn-va", at: now).name == "Ashburn VA, US")
        #expect(try Region.parse("ashburn-va=Mine", at: now).name == "Mine")
    }

    @Test(
        "text that is no region code is refused",
        arguments: ["", "=x", "Ashburn", "a_b", "a b", "ä"]
    )
    func badCode(text: String) {
        #expect(throws: RegionError.self) { try Region.parse(text, at: now) }
        #expect(throws: RegionError.self) {
            try Region.parse(String(repeating: "a", count: 64), at: now)
        }
    }

    @Test("a region's empty name is refused")
    func emptyName() {
        #expect(throws: RegionError.malformedName(" ")) { try Region.parse("local= ", at: now) }
    }

    @Test("a region's name with hidden characters is refused")
    func hiddenName() {
        #expect(throws: RegionError.self) { try Region.parse("local=a\u{202E}b", at: now) }
    }

    @Test("coverage has the places of the well-known sites")
    func knownSite() throws {
        let site = CoverageSite(try Region.parse("chicago-il", at: now))
        #expect(site.availableServices == ["cloud_vpn"])
        #expect(site.location.region == "AMER")
        #expect(site.location.site == "ORD")
        #expect(site.location.pop == "CH1")
        #expect(site.location.name == "Chicago IL, US")
        #expect(site.location.code == "chicago-il")
    }

    @Test(
        "an operator gives a region's place, in full or in part, behind its name or its code",
        arguments: [
            (
                "fra=Frankfurt, DE,area=EMEA,site=FRA,pop=FR5", "Frankfurt, DE",
                ["EMEA", "FRA", "FR5"]
            ),
            ("fra=Frankfurt, DE, pop=fr-5 , area=APAC", "Frankfurt, DE", ["APAC", "FRA", "fr-5"]),
            ("fra,site=x1", "fra", ["LOCAL", "x1", "FRA"]),
            ("chicago-il,pop=CH9", "Chicago IL, US", ["AMER", "ORD", "CH9"]),
        ]
    )
    func place(text: String, name: String, shown: [String]) throws {
        let location = CoverageSite(try Region.parse(text, at: now)).location
        #expect(location.name == name)
        #expect([location.region, location.site, location.pop] == shown)
    }

    @Test(
        "a region's place with an unknown area, a bad value or a name behind it is refused",
        arguments: [
            "fra,area=Europe", "fra,area=", "fra,aera=EMEA", "fra=X,zone=1", "fra,site=a b",
            "fra,site=FRA,site=MUC", "fra,area=EMEA,", "fra,area=EMEA,Frankfurt", "fra,pop=\u{e4}",
            "fra,pop=0123456789-0123456789-01234567890",
        ]
    )
    func badPlace(text: String) throws {
        #expect(throws: RegionError.self) { try Region.parse(text, at: now) }
    }

    @Test("coverage has the operator's own site under its code")
    func ownSite() throws {
        let site = CoverageSite(try Region.parse("cellar", at: now))
        #expect(site.location.region == "LOCAL")
        #expect(site.location.site == "CELLAR")
        #expect(site.location.pop == "CELLAR")
    }

    @Test("a site is in filtered coverage when all conditions of the filter hold")
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
