package import GatewayDomain
import JSON

extension JournaledObject {
    /// What the journal stores of an object: JSON as answers show it, without secrets.
    package var journalText: String { json.encoded }

    private var json: JSONValue {
        switch self {
        case .organization(let organization): organization.json
        case .apiKey(let key): key.json
        case .user(let user): user.json
        case .session(let session): session.json
        case .network(let network): network.json
        case .gateway(let gateway): gateway.json
        case .peer(let peer, _): peer.json
        case .peerShare(let share, _): share.json
        case .peerConfigURL(let url, _): url.json
        case .defaultGateway(let gateway): gateway.json
        case .internetGateway(let gateway): gateway.json
        case .backboneLink(let link): link.json
        case .webhook(let webhook): webhook.json
        case .limits(let setting): setting.json
        case .privateService(let service, _): service.json
        case .node(let node, _): node.json
        case .region(let region, _): region.json
        }
    }
}
