import APIContract
import GatewayClient
import GatewayDomain

enum ServiceNoun: WatchedNoun {
    typealias Object = PrivateService
    typealias Kind = PrivateService

    static let word = "service"
    static let phrase = "private service"
    static let resource = Resource.privateServices
    static let objectType = Event.ObjectType.privateService
    static let deletion = "Delete private services: gateways do not lead to them any more."

    static func id(of service: Answer) -> String { "\(service.id)" }
    static func name(of service: Answer) -> String? { service.name }

    /// Gateways that lead to all services of their region go on without it, and say nothing of single ones.
    static func uses(of services: [Answer], _ client: GatewayClient) async throws -> [String?] {
        let gateways = try await client.all(.gateways)
        return services.map { service in
            let naming = NameList(
                "gateway",
                gateways.filter { $0.serviceNames?.contains(service.name) == true }
                    .map(GatewayNoun.title)
            )
            return naming.text.map { "\($0) \(naming.count == 1 ? "names" : "name") it" }
        }
    }

    static func queries(forName name: String) -> [ListQuery] { [ListQuery([("name", name)])] }

    static let columns: [Column<Answer>] = [
        Column("name") { .text($0.name) },
        Column("prefixes") { .list($0.prefixes) },
        Column("protocol") { .text($0.transport?.rawValue ?? "all") },
        Column("ports") { $0.ports.isEmpty ? .text("all") : .list($0.ports) },
        Column("regions") { $0.regionCodes.map { .list($0) } ?? .text("all") },
        Column("source") { .text($0.source.text.replacing("_", with: " ")) },
        Column("description", wide: true) { .text($0.description) },
        Column("organizations", wide: true) {
            $0.organizationIDs.map { .list($0) } ?? .text("all")
        },
        Column("private-prefixes", wide: true) {
            .text($0.allowsPrivatePrefixes ? "allowed" : "refused")
        },
        Column("id", wide: true) { .text($0.id) },
        Column("created", wide: true) { .time($0.createdAt) },
        Column("updated", wide: true) { .time($0.updatedAt) },
    ]
}

extension Cell {
    static func list(_ values: [some CustomStringConvertible]) -> Cell {
        values.isEmpty ? .none : .text(values.map(\.description).joined(separator: ", "))
    }
}
