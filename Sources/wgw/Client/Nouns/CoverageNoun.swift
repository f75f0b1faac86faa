import APIContract
import GatewayClient
import GatewayDomain

enum CoverageNoun: Noun {
    typealias Object = CoverageSite

    static let word = "coverage"
    static let phrase = "site"
    static let resource = Resource.coverage

    static func id(of site: Answer) -> String { site.location.code }
    static func name(of site: Answer) -> String? { site.location.code }

    static let columns: [Column<Answer>] = [
        Column("code") { .text($0.location.code) },
        Column("name") { .text($0.location.name) },
        Column("area") { .text($0.location.region) },
        Column("site") { .text($0.location.site) },
        Column("pop") { .text($0.location.pop) },
        Column("services") { .text($0.availableServices.joined(separator: ", ")) },
    ]
}
