/// A region as the coverage list shows it: where it lies and what can be had there.
package struct CoverageSite: Equatable, Sendable {
    package struct Location: Equatable, Sendable {
        /// `AMER`, `EMEA`, `APAC`, or `LOCAL` where the operator does not say.
        package let region: String
        package let site: String
        /// The data centre.
        package let pop: String
        package let name: String
        package let code: String

        package init(region: String, site: String, pop: String, name: String, code: String) {
            self.region = region
            self.site = site
            self.pop = pop
            self.name = name
            self.code = code
        }
    }

    package let availableServices: [String]
    package let location: Location

    /// In the answer only where the request asks for it: clients that check answers strictly do not know
    /// this word.
    package static let internetGateway = "public_internet_gateway"

    package init(_ region: Region, askedFor services: [String] = []) {
        let known = KnownSite.named(region.code)
        availableServices =
            ["cloud_vpn"] + (services.contains(Self.internetGateway) ? [Self.internetGateway] : [])
        location = Location(
            region: region.place.area ?? known?.region ?? "LOCAL",
            site: region.place.site ?? known?.site ?? region.code.uppercased(),
            pop: region.place.pop ?? known?.pop ?? region.code.uppercased(),
            name: region.name,
            code: region.code
        )
    }
}

/// The sites that existing clients of the API ask for by code.
struct KnownSite {
    let code: String
    let name: String
    let region: String
    let site: String
    let pop: String

    static func named(_ code: String) -> KnownSite? {
        all.first { $0.code == code }
    }

    private static let all = [
        KnownSite(
            code: "ashburn-va",
            name: "Ashburn VA, US",
            region: "AMER",
            site: "IAD",
            pop: "DC2"
        ),
        KnownSite(
            code: "chicago-il",
            name: "Chicago IL, US",
            region: "AMER",
            site: "ORD",
            pop: "CH1"
        ),
        KnownSite(
            code: "frankfurt-de",
            name: "Frankfurt, DE",
            region: "EMEA",
            site: "FRA",
            pop: "FR5"
        ),
        KnownSite(
            code: "amsterdam-nl",
            name: "Amsterdam, NL",
            region: "EMEA",
            site: "AMS",
            pop: "AM1"
        ),
        KnownSite(
            code: "singapore-sg",
            name: "Singapore, SG",
            region: "APAC",
            site: "SIN",
            pop: "SG1"
        ),
    ]
}
