import APIContract
import GatewayClient
import GatewayDomain

enum OrganizationNoun: WatchedNoun {
    typealias Object = Organization
    typealias Kind = Organization

    static let word = "organization"
    static let resource = Resource.organizations
    static let objectType = Event.ObjectType.organization
    static let deletion = "Delete organizations that have no networks, and revoke their keys."

    static func id(of organization: Answer) -> String { "\(organization.id)" }
    static func name(of organization: Answer) -> String? { organization.name }
    static func queries(forName name: String) -> [ListQuery] { [ListQuery([("name", name)])] }

    static let columns: [Column<Answer>] = [
        Column("name") { .text($0.name) },
        Column("state") {
            $0.isSuspended ? .state("suspended", .bad) : .state("active", .good)
        },
        Column("created") { .time($0.createdAt) },
        Column("id", wide: true) { .text($0.id) },
        Column("suspended", wide: true) { .time($0.suspendedAt) },
        Column("updated", wide: true) { .time($0.updatedAt) },
    ]
}
