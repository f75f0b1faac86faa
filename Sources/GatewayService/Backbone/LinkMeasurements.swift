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

    func forgetLinks(after news: CommitNews) {
        links.withLock { links in
            if news == .anything { links = [:] }
            for notice in news.notices
            where notice.objectType == .backboneLink && notice.operation == .deleted {
                if let id = BackboneLinkID(notice.objectID) { links[id] = nil }
            }
        }
    }
}
