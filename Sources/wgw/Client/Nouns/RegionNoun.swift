import APIContract
import GatewayClient
import GatewayDomain

enum RegionNoun: Noun {
    typealias Object = Region

    static let word = "region"
    static let resource = Resource.regions

    static func id(of region: Answer) -> String { region.code }
    /// Commands name a region by its code.
    static func name(of region: Answer) -> String? { region.code }

    static let columns: [Column<Answer>] = [
        Column("code") { .text($0.code) },
        Column("name") { .text($0.name) },
        Column("interfaces", wide: true) {
            .text($0.supportedInterfaces.joined(separator: ", "))
        },
        Column("created", wide: true) { .time($0.createdAt) },
    ]
}
