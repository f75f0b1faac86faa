package import GatewayDomain

extension CoverageSite: APIObject {
    package static let contract = AnswerContract(
        "NetworkCoverage",
        "A site where gateways can be made, with the services that are available there.",
        CoverageSiteMembers()
    )
}

package struct CoverageSiteMembers: AnswerMembers {
    package static let availableServices = Member(
        "available_services",
        Codec<[String]>.array(of: .text, "One service that is available at the site."),
        "The services that are available at the site."
    )

    package typealias Object = CoverageSite

    package let recordType = AnswerMember<CoverageSite, String>(recordType: "network_coverage")
    package let availableServices = AnswerMember(
        CoverageSiteMembers.availableServices,
        \CoverageSite.availableServices
    )
    package let location = AnswerMember(
        Member(
            "location",
            Codec<CoverageSite.Location>.inline(CoverageSite.Location.contract) { decoded in
                CoverageSite.Location(
                    region: decoded.region,
                    site: decoded.site,
                    pop: decoded.pop,
                    name: decoded.name,
                    code: decoded.code
                )
            },
            "The place where the site is."
        ),
        \CoverageSite.location
    )
}

extension CoverageSite.Location: APIObject {
    package static let contract = AnswerContract(
        "NetworkCoverageLocation",
        "The place where a site is.",
        CoverageLocationMembers()
    )
}

package struct CoverageLocationMembers: AnswerMembers {
    package typealias Object = CoverageSite.Location

    package let region = AnswerMember(
        Member(
            "region",
            Codec<String>.text(example: "AMER"),
            "The part of the world that the site is in."
        ),
        \CoverageSite.Location.region
    )
    package let site = AnswerMember(
        Member(
            "site",
            Codec<String>.text(example: "IAD"),
            "The area in its part of the world that the site is in."
        ),
        \CoverageSite.Location.site
    )
    package let pop = AnswerMember(
        Member(
            "pop",
            Codec<String>.text(example: "DC2"),
            "The data centre that the site is in."
        ),
        \CoverageSite.Location.pop
    )
    package let name = AnswerMember(
        RegionMembers.name.described("The name of the site, for people to read."),
        \CoverageSite.Location.name
    )
    package let code = AnswerMember(
        RegionMembers.code.described(
            "The code of the site, which gateways have as `region_code`."
        ),
        \CoverageSite.Location.code
    )
}
