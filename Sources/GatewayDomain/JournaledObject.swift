/// An object whose changes the journal keeps, as it was at one moment.
package enum JournaledObject: Equatable, Sendable {
    case organization(Organization)
    case apiKey(APIKey)
    case user(User)
    case session(Session)
    case network(Network)
    case gateway(Gateway)
    /// The network is nil for a damaged peer that does not name its gateway.
    case peer(Peer, in: NetworkID?)
    case peerShare(PeerShare, in: NetworkID?)
    case peerConfigURL(PeerConfigURL, in: NetworkID?)
    case defaultGateway(DefaultGateway)
    case internetGateway(InternetGateway)
    case backboneLink(BackboneLink)
    case webhook(Webhook)
    /// Under the id of what is limited.
    case limits(LimitSetting)
    /// These three are in the journal of the operator's organization.
    case privateService(PrivateService, of: OrganizationID)
    case node(GatewayNode, of: OrganizationID)
    case region(Region, of: OrganizationID)

    package var type: Event.ObjectType {
        switch self {
        case .organization: .organization
        case .apiKey: .apiKey
        case .user: .user
        case .session: .session
        case .network: .network
        case .gateway: .gateway
        case .peer: .peer
        case .peerShare: .peerShare
        case .peerConfigURL: .peerConfigURL
        case .defaultGateway: .defaultGateway
        case .internetGateway: .internetGateway
        case .backboneLink: .backboneLink
        case .webhook: .webhook
        case .limits: .limits
        case .privateService: .privateService
        case .node: .node
        case .region: .region
        }
    }

    package var id: String {
        switch self {
        case .organization(let organization): "\(organization.id)"
        case .apiKey(let key): "\(key.id)"
        case .user(let user): "\(user.id)"
        case .session(let session): "\(session.id)"
        case .network(let network): "\(network.id)"
        case .gateway(let gateway): "\(gateway.id)"
        case .peer(let peer, _): "\(peer.id)"
        case .peerShare(let share, _): "\(share.id)"
        case .peerConfigURL(let url, _): "\(url.id)"
        case .defaultGateway(let gateway): "\(gateway.id)"
        case .internetGateway(let gateway): "\(gateway.id)"
        case .backboneLink(let link): "\(link.id)"
        case .webhook(let webhook): "\(webhook.id)"
        case .limits(let setting): setting.subject.id
        case .privateService(let service, _): "\(service.id)"
        case .node(let node, _): "\(node.id)"
        case .region(let region, _): region.code
        }
    }

    /// The organization that owns the object, or is it.
    package var organizationID: OrganizationID {
        switch self {
        case .organization(let organization): organization.id
        case .apiKey(let key): key.organizationID
        case .user(let user): user.organizationID
        case .session(let session): session.organizationID
        case .network(let network): network.organizationID
        case .gateway(let gateway): gateway.organizationID
        case .peer(let peer, _): peer.organizationID
        case .peerShare(let share, _): share.organizationID
        case .peerConfigURL(let url, _): url.organizationID
        case .defaultGateway(let gateway): gateway.organizationID
        case .internetGateway(let gateway): gateway.organizationID
        case .backboneLink(let link): link.organizationID
        case .webhook(let webhook): webhook.organizationID
        case .limits(let setting): setting.organizationID
        case .privateService(_, of: let organization), .node(_, of: let organization),
            .region(_, of: let organization):
            organization
        }
    }

    /// The network that the object belongs to, or is; nil for an object that belongs to none.
    package var networkID: NetworkID? {
        switch self {
        case .organization, .apiKey, .user, .session, .privateService, .node, .region, .webhook: nil
        case .network(let network): network.id
        case .gateway(let gateway): gateway.networkID
        case .peer(_, in: let network), .peerShare(_, in: let network),
            .peerConfigURL(_, in: let network):
            network
        case .defaultGateway(let gateway): gateway.networkID
        case .internetGateway(let gateway): gateway.networkID
        case .backboneLink(let link): link.networkID
        case .limits(let setting): setting.networkID
        }
    }
}
