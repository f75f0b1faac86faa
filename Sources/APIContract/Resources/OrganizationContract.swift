package import GatewayDomain

extension NewOrganization: APIRequest {
    package static let contract = RequestContract<NewOrganization>(
        "NewOrganization",
        "A request to make an organization, which is a tenant of the server.",
        [.required(OrganizationMembers.name, \.name)]
    )
}

extension OrganizationChange: APIRequest {
    package static let contract = RequestContract<OrganizationChange>(
        "OrganizationChange",
        "A request to rename or suspend an organization; what it leaves out stays as it is.",
        [
            .optional(OrganizationMembers.name, \.name),
            .optional(OrganizationMembers.suspended, \.isSuspended),
        ]
    )
}

extension Organization: APIObject {
    package static let contract = AnswerContract(
        "Organization",
        "An organization: a tenant that owns networks and API keys.",
        OrganizationMembers()
    )
}

package struct OrganizationMembers: AnswerMembers {
    package static let name = Member(
        "name",
        Codec<String>.name,
        "The name of the organization, which no other organization of the server has."
    )
    static let suspended = Member(
        "suspended",
        Codec<Bool>.bool,
        "Whether the organization is suspended, so that its API keys are refused."
    )

    package typealias Object = Organization

    package let id = AnswerMember(.id(of: "organization"), \Organization.id)
    package let recordType = AnswerMember<Organization, String>(recordType: "organization")
    package let name = AnswerMember(OrganizationMembers.name, \Organization.name)
    package let isSuspended = AnswerMember(OrganizationMembers.suspended) {
        (organization: Organization) in organization.suspendedAt != nil
    }
    package let suspendedAt = AnswerMember(
        nullable: Member(
            "suspended_at",
            Codec<Timestamp>.time,
            "The time since which the organization is suspended, or null if it is not."
        ),
        \Organization.suspendedAt
    )
    package let createdAt = AnswerMember(
        .createdAt(of: "organization"),
        \Organization.createdAt
    )
    package let updatedAt = AnswerMember(
        .updatedAt(of: "organization"),
        \Organization.updatedAt
    )
}
