import GatewayService
import NodeProtocol

extension NodeChange {
    /// One line that says what the change is about.
    var summary: String {
        switch self {
        case .gatewayPut(let gateway): "gateway+ \(gateway.id)"
        case .gatewayDeleted(let id): "gateway- \(id)"
        case .peerPut(let peer): "peer+ \(peer.id)"
        case .peerDeleted(let id): "peer- \(id)"
        case .linkPut(let link): "link+ \(link.id)"
        case .distantLinkPut(let link): "distant+ \(link.id)"
        case .linkDeleted(let id): "link- \(id)"
        case .gatewayLeftOut(let id, _): "gateway! \(id)"
        case .peerLeftOut(let id, _, _): "peer! \(id)"
        }
    }
}
