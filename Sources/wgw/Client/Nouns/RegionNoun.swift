import APIContract
import CommandLineProgram
import GatewayClient
import GatewayDomain

enum RegionNoun: NamedNoun {
    typealias Object = Region
    /// Regions have no ids: commands name them by their codes.
    typealias Kind = Never

    static let word = "region"
    static let resource = Resource.regions
    static let deletion = "Delete regions that nothing is in, by code."

    static func id(of region: Answer) -> String { region.code }
    static func name(of region: Answer) -> String? { region.code }

    static func uses(of regions: [Answer], _ client: GatewayClient) async throws -> [String?] {
        let nodes = try await client.all(.nodes)
        let gateways = try await client.all(.gateways)
        let exits = try await client.all(.internetGateways)
        return regions.map { region in
            NameList.obstacle(
                [
                    NameList(
                        NodeNoun.word,
                        nodes.filter { $0.regionCodes.contains(region.code) }.map(NodeNoun.title)
                    ),
                    NameList(
                        GatewayNoun.word,
                        gateways.filter { $0.regionCode == region.code }.map(GatewayNoun.title)
                    ),
                    NameList(
                        InternetGatewayNoun.phrase,
                        exits.filter { $0.regionCode == region.code }
                            .map(InternetGatewayNoun.title)
                    ),
                ],
                untilAre: "deleted or moved"
            )
        }
    }

    /// Also one that is not offered.
    static func find(_ code: String, _ client: GatewayClient) async throws -> Answer {
        guard Region.isCode(code) else {
            throw CommandFailure("'\(code.withoutControls)' is not a region's code", .notFound)
        }
        do throws(ClientError) {
            return try await client.get(resource, code)
        } catch {
            guard case .refused(let refusal) = error, refusal.status == 404 else { throw error }
            throw CommandFailure(
                "there is no region '\(code)'; wgw region list shows those that are offered",
                .notFound
            )
        }
    }

    static let columns: [Column<Answer>] = [
        Column("code") { .text($0.code) },
        Column("name") { .text($0.name) },
        Column("area", wide: true) { .text($0.area) },
        Column("site", wide: true) { .text($0.site) },
        Column("pop", wide: true) { .text($0.pop) },
        Column("interfaces", wide: true) {
            .text($0.supportedInterfaces.joined(separator: ", "))
        },
        Column("created", wide: true) { .time($0.createdAt) },
    ]
}
