package import GatewayDomain

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
