import GatewayDomain
import GatewayStore

/// Where peers of a gateway leave their network over links, with the link of each way.
struct DistantWaysOut: Sendable {
    struct Way: Sendable {
        let link: BackboneLink
        /// The gateway at the other end, which leads there by its node.
        let gatewayID: GatewayID
    }

    private let ways: [(service: PrivateService, way: Way)]
    /// To public addresses; nil where none leads there.
    let internet: Way?

    static let none = DistantWaysOut(ways: [], internet: nil)

    private init(ways: [(service: PrivateService, way: Way)], internet: Way?) {
        self.ways = ways
        self.internet = internet
    }

    init(
        of gateway: GatewayID,
        among services: [PrivateService],
        _ db: any SQLConnection
    ) throws {
        var ways: [(service: PrivateService, way: Way)] = []
        var internet: Way?
        for link in try BackboneLinks.all(of: gateway, db) {
            guard let own = link.end(of: gateway), let other = link.end(across: gateway) else {
                continue
            }
            let leading = Way(link: link, gatewayID: other.gatewayID)
            ways += services.filter { own.services.contains($0.name) }.map { ($0, leading) }
            if own.hasInternet { internet = leading }
        }
        self.init(ways: ways, internet: internet)
    }

    var services: [PrivateService] { ways.map(\.service) }

    func way(to service: PrivateService) -> Way? {
        ways.first { $0.service.id == service.id }?.way
    }
}
