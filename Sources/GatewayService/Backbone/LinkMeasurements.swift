import GatewayDomain
import Synchronization

/// What nodes measured last on each link, in memory only: it is another a second later.
final class LinkMeasurements: Sendable {
    /// A measurement of one end; the other end measures the same way there and back.
    private struct Measured {
        var byGateway: [GatewayID: LinkFigures] = [:]
    }

    private let links = Mutex<[BackboneLinkID: Measured]>([:])

    /// The newest of both ends.
    subscript(id: BackboneLinkID) -> LinkFigures? {
        links.withLock { links in
            links[id]?.byGateway.values.max { $0.measuredAt < $1.measuredAt }
        }
    }

    /// Of links that are stored.
    func record(_ figures: LinkFigures, of link: BackboneLinkID, at gateway: GatewayID) {
        links.withLock { $0[link, default: Measured()].byGateway[gateway] = figures }
    }

    func forgetLinks(changedBy events: [CommittedEvent]) {
        links.withLock { links in
            for case .deleted(.backboneLink(let link)) in events.map(\.change) {
                links[link.id] = nil
            }
        }
    }
}
