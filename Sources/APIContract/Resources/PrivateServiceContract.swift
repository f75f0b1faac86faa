package import GatewayDomain
package import NetAddress

extension NewPrivateService: APIRequest {
    package static let contract = RequestContract<NewPrivateService>(
        "NewPrivateService",
        "A request to make a private service, which gateways can lead to.",
        [
            .required(PrivateServiceMembers.nameRequest, \.name),
            .optional(PrivateServiceMembers.description, \.description),
            .required(PrivateServiceMembers.prefixesRequest, \.prefixes),
            .optional(PrivateServiceMembers.transport, \.transport),
            .optional(PrivateServiceMembers.portsRequest, \.ports),
            .optional(PrivateServiceMembers.regionsRequest, \.regionCodes),
            .optional(PrivateServiceMembers.organizationsRequest, \.organizationIDs),
            .optional(PrivateServiceMembers.allowsPrivatePrefixes, \.allowsPrivatePrefixes),
        ]
    )
}

extension PrivateServiceChange: APIRequest {
    package static let contract = RequestContract<PrivateServiceChange>(
        "PrivateServiceChange",
        "A request to change a private service, which keeps its name.",
        [
            .optional(PrivateServiceMembers.description, \.description),
            .optional(PrivateServiceMembers.prefixesRequest, \.prefixes),
            .optional(PrivateServiceMembers.transport, \.transport),
            .optional(PrivateServiceMembers.portsRequest, \.ports),
            .optional(PrivateServiceMembers.regionsRequest, \.regionCodes),
            .optional(PrivateServiceMembers.organizationsRequest, \.organizationIDs),
            .optional(PrivateServiceMembers.allowsPrivatePrefixes, \.allowsPrivatePrefixes),
        ]
    )
}

extension PrivateService: APIObject {
    package static let contract = AnswerContract(
        "PrivateService",
        "A service of the server's operator, which peers reach through gateways that lead to it.",
        PrivateServiceMembers()
    )
}

package struct PrivateServiceMembers: AnswerMembers {
    private static let aboutName =
        "The name by which gateways choose the private service, which no other one has."
    package static let nameRequest = Member("name", Codec<String>.serviceName, aboutName)
    package static let name = Member("name", Codec<String>.text(example: "sip"), aboutName)
    static let description = Member(
        "description",
        Codec<String>.name,
        "What people are told about the private service."
    )
    private static let prefix = "One network of the service, in CIDR notation."
    static let prefixesRequest = Member(
        "prefixes",
        Codec<[Field<IPv4Prefix>]>.fields(of: .network(example: "203.0.113.0/24"), prefix),
        "The addresses of the private service, which no other service has."
    )
    package static let prefixes = Member(
        "prefixes",
        Codec<[IPv4Prefix]>.array(of: .network(example: "203.0.113.0/24"), prefix),
        "The addresses of the private service."
    )
    static let transport = Member(
        "protocol",
        Codec<TransportProtocol>.word,
        "The one protocol by which the private service is reached, or null for all protocols."
    )
    private static let ports = "ports"
    private static let port = "One port, or a first and a last one with a hyphen between them."
    private static let portForm = "a port like 5060 or a range like 10000-20000"
    static let portsRequest = Member(
        ports,
        Codec<[Field<PortRange>]>.fields(of: .parsed(portForm, example: "5060"), port),
        """
        The ports by which the private service is reached, of TCP and of UDP where `protocol` is null; null \
        and an empty list mean all ports.
        """
    )
    static let portRanges = Member(
        ports,
        Codec<[PortRange]>.array(of: .parsed(portForm, example: "5060"), port),
        "The ports by which the private service is reached; an empty list means all ports."
    )
    private static let regions = "regions"
    private static let region = "The code of one region."
    static let regionsRequest = Member(
        regions,
        Codec<[Field<String>]>.fields(of: .text(example: "local"), region),
        "The regions whose gateways can lead to the private service, where null means all of them."
    )
    static let regionCodes = Member(
        regions,
        Codec<[String]>.array(of: .text(example: "local"), region),
        "The regions whose gateways can lead to the private service, or null for all of them."
    )
    private static let organizations = "organization_ids"
    private static let organization = "The id of one organization."
    static let organizationsRequest = Member(
        organizations,
        Codec<[Field<OrganizationID>]>.fields(of: .id(), organization),
        "The ids of the organizations whose gateways can lead to the private service, where null means all of them."
    )
    static let organizationIDs = Member(
        organizations,
        Codec<[OrganizationID]>.array(of: .id(), organization),
        """
        The ids of the organizations whose gateways can lead to the private service, or null for all of them. Callers \
        that do not see all organizations are told of their own one only.
        """
    )
    static let allowsPrivatePrefixes = Member(
        "allow_private_prefixes",
        Codec<Bool>.bool,
        """
        Whether the service may have addresses for use inside of networks: those of RFC 1918 and RFC 6598, and \
        link-local ones.
        """
    )
    package static let source = Member(
        "source",
        Codec<PrivateService.Source>.word,
        """
        Where the private service is written down: `api` for one that was made through the API, `config_file` \
        for one that is changed in the config file of the server alone.
        """
    )

    package typealias Object = PrivateService

    package let id = AnswerMember(.id(of: "private service"), \PrivateService.id)
    package let recordType = AnswerMember<PrivateService, String>(recordType: "private_service")
    package let name = AnswerMember(PrivateServiceMembers.name, \PrivateService.name)
    package let description = AnswerMember(
        nullable: PrivateServiceMembers.description,
        \PrivateService.description
    )
    package let prefixes = AnswerMember(PrivateServiceMembers.prefixes, \PrivateService.prefixes)
    package let transport = AnswerMember(
        nullable: PrivateServiceMembers.transport,
        \PrivateService.transport
    )
    package let ports = AnswerMember(PrivateServiceMembers.portRanges, \PrivateService.ports)
    package let regionCodes = AnswerMember(
        nullable: PrivateServiceMembers.regionCodes,
        \PrivateService.regionCodes
    )
    package let organizationIDs = AnswerMember(
        nullable: PrivateServiceMembers.organizationIDs,
        \PrivateService.organizationIDs
    )
    package let allowsPrivatePrefixes = AnswerMember(
        PrivateServiceMembers.allowsPrivatePrefixes,
        \PrivateService.allowsPrivatePrefixes
    )
    package let source = AnswerMember(word: PrivateServiceMembers.source, \PrivateService.source)
    package let createdAt = AnswerMember(
        .createdAt(of: "private service"),
        \PrivateService.createdAt
    )
    package let updatedAt = AnswerMember(
        .updatedAt(of: "private service"),
        \PrivateService.updatedAt
    )
}
