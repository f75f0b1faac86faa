import GatewayDomain
import GatewayStore

/// Where a peer's packets go that have no better route.
enum WayOut: Equatable, Sendable {
    /// The internet gateway of its network and its gateway's region comes first.
    case internet(InternetGatewayID)
    /// The default gateway of its network.
    case peer(PeerID)
    /// An internet gateway of another region, over the link to this gateway.
    case distantInternet(GatewayID)
    case none

    init(of peer: Peer, on gateway: Gateway, _ db: any SQLConnection) throws {
        let internet = try InternetGateways.find(of: gateway.networkID, in: gateway.region.code, db)
        if let internet {
            self = .internet(internet.id)
            return
        }
        let defaultGateway = try DefaultGateways.find(
            of: gateway.networkID,
            of: gateway.organizationID,
            db
        )
        if let id = defaultGateway?.peerID {
            self = id == peer.id ? .none : .peer(id)
            return
        }
        let internetElsewhere = try DistantWaysOut(of: gateway.id, among: [], db).internet
        self = internetElsewhere.map { .distantInternet($0.gatewayID) } ?? .none
    }
}
