package import GatewayDomain

extension NewRegion: APIRequest {
    package static let contract = RequestContract<NewRegion>(
        "NewRegion",
        "A request to make a region, which is offered as soon as a node is in it.",
        [
            .required(RegionMembers.codeRequest, \.code),
            .optional(RegionMembers.nameRequest, \.name),
            .optional(RegionMembers.area, \.place.area),
            .optional(RegionMembers.siteRequest, \.place.site),
            .optional(RegionMembers.popRequest, \.place.pop),
        ]
    )
}

extension RegionChange: APIRequest {
    package static let contract = RequestContract<RegionChange>(
        "RegionChange",
        "A request to change a region, which keeps its code.",
        [
            .optional(RegionMembers.nameRequest, \.name),
            .optional(RegionMembers.area, \.place.area),
            .optional(RegionMembers.siteRequest, \.place.site),
            .optional(RegionMembers.popRequest, \.place.pop),
        ]
    )
}

extension Region: APIObject {
    package static let contract = AnswerContract(
        "Region",
        "A region, which is a place where gateways can be made.",
        RegionMembers()
    )
}

package struct RegionMembers: AnswerMembers {
    static let code = Member(
        "code",
        Codec<String>.text(example: "ashburn-va"),
        "The code that names the region in requests."
    )
    static let name = Member(
        "name",
        Codec<String>.text(example: "Ashburn VA, US"),
        "The name of the region, for people to read."
    )
    static let recordType = "region"
    static let codeRequest = Member(
        "code",
        Codec<String>.regionCode,
        "The code that names the region in requests, which no other region has."
    )
    package static var codePointer: String { codeRequest.pointer }
    static let nameRequest = Member(
        "name",
        Codec<String>.name,
        "The name of the region, for people to read, which is its code where none is given."
    )
    static let area = Member(
        "area",
        Codec<String>.oneOf(Region.Place.areas),
        "The part of the world that the region is in, by which coverage is filtered."
    )
    private static let site = "site"
    private static let aboutSite =
        "The area within that part of the world, like a city, in a short code."
    static let siteRequest = Member(site, Codec<String>.placeCode, aboutSite)
    static let siteShown = Member(site, Codec<String>.text(example: "IAD"), aboutSite)
    private static let pop = "pop"
    private static let aboutPOP = "The data centre of the region, in a short code."
    static let popRequest = Member(pop, Codec<String>.placeCode, aboutPOP)
    static let popShown = Member(pop, Codec<String>.text(example: "DC2"), aboutPOP)

    package typealias Object = Region

    package let code = AnswerMember(RegionMembers.code, \Region.code)
    package let name = AnswerMember(RegionMembers.name, \Region.name)
    package let recordType = AnswerMember<Region, String>(recordType: RegionMembers.recordType)
    package let supportedInterfaces = AnswerMember(
        Member(
            "supported_interfaces",
            Codec<[String]>.array(of: .text, "One kind of gateway that the region supports."),
            "The kinds of gateways that can be made in the region."
        )
    ) { (_: Region) in [NetworkInterface.Kind.wireGuard.rawValue] }
    package let createdAt = AnswerMember(.createdAt(of: "region"), \Region.createdAt)
    package let updatedAt = AnswerMember(.updatedAt(of: "region"), \Region.updatedAt)
    package let area = AnswerMember(omissible: RegionMembers.area, \Region.place.area)
    package let site = AnswerMember(omissible: RegionMembers.siteShown, \Region.place.site)
    package let pop = AnswerMember(omissible: RegionMembers.popShown, \Region.place.pop)
}

/// A region as it stands inside an object that is there.
package struct RegionSummary: Equatable, Sendable {
    package let code: String
    package let name: String

    package init(_ region: Region) {
        code = region.code
        name = region.name
    }

    fileprivate init(_ decoded: Decoded<RegionSummaryMembers>) {
        code = decoded.code
        name = decoded.name
    }
}

extension RegionSummary: APIObject {
    package static let contract = AnswerContract(
        "GatewayRegion",
        "The region that a gateway is in.",
        RegionSummaryMembers()
    )
}

package struct RegionSummaryMembers: AnswerMembers {
    package typealias Object = RegionSummary

    package let code = AnswerMember(RegionMembers.code, \RegionSummary.code)
    package let name = AnswerMember(RegionMembers.name, \RegionSummary.name)
    package let recordType = AnswerMember<RegionSummary, String>(
        recordType: RegionMembers.recordType
    )
}

extension Codec<RegionSummary> {
    static var region: Codec { .reference(to: RegionSummary.contract, RegionSummary.init) }
}
