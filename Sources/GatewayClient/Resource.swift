package import APIContract
package import GatewayDomain

/// A kind of object of the API, and the path of its list.
package struct Resource<Object: APIObject>: Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }
}

extension Resource<Network> {
    package static var networks: Resource<Network> { Resource("networks") }
}

extension Resource<Gateway> {
    package static var gateways: Resource<Gateway> { Resource("wireguard_interfaces") }
}

extension Resource<PeerAnswer> {
    package static var peers: Resource<PeerAnswer> { Resource("wireguard_peers") }
}

extension Resource<PeerShareAnswer> {
    package static var shares: Resource<PeerShareAnswer> { Resource("wireguard_peer_shares") }

    /// Where shares of a peer are made.
    package static func shares(of peer: PeerID) -> Resource<PeerShareAnswer> {
        Resource("wireguard_peers/\(peer)/shares")
    }
}

extension Resource<PeerConfigURLAnswer> {
    /// A peer has one at most, which is asked for by its last component.
    package static func configURL(of peer: PeerID) -> Resource<PeerConfigURLAnswer> {
        Resource("wireguard_peers/\(peer)/config_url")
    }
}

extension Resource<InternetGateway> {
    package static var internetGateways: Resource<InternetGateway> {
        Resource("public_internet_gateways")
    }
}

extension Resource<DefaultGateway> {
    /// A list of one, or of none.
    package static func defaultGateway(of network: NetworkID) -> Resource<DefaultGateway> {
        Resource("networks/\(network)/default_gateway")
    }
}

extension Resource<BackboneLink> {
    package static var backboneLinks: Resource<BackboneLink> { Resource("backbone_links") }
}

extension Resource<PrivateService> {
    package static var privateServices: Resource<PrivateService> { Resource("private_services") }
}

extension Resource<NetworkRoute> {
    package static var routes: Resource<NetworkRoute> { Resource("network_routes") }
}

extension Resource<Region> {
    package static var regions: Resource<Region> { Resource("regions") }
}

extension Resource<CoverageSite> {
    package static var coverage: Resource<CoverageSite> { Resource("network_coverage") }
}

extension Resource<NodeAnswer> {
    package static var nodes: Resource<NodeAnswer> { Resource("nodes") }

    /// Where a new join token of a node is made.
    package static func joinToken(of node: NodeID) -> Resource<NodeAnswer> {
        Resource("nodes/\(node)/join_token")
    }
}

extension Resource<Organization> {
    package static var organizations: Resource<Organization> { Resource("organizations") }
}

extension Resource<APIKeyAnswer> {
    package static var apiKeys: Resource<APIKeyAnswer> { Resource("api_keys") }
}

extension Resource<UserAnswer> {
    package static var users: Resource<UserAnswer> { Resource("users") }

    /// Where a user is invited again.
    package static func invitation(of user: UserID) -> Resource<UserAnswer> {
        Resource("users/\(user)/invitation")
    }
}

extension Resource<SessionAnswer> {
    package static var sessions: Resource<SessionAnswer> { Resource("sessions") }
}

extension Resource<SignInLink> {
    package static var signInCodes: Resource<SignInLink> { Resource("sign_in_codes") }
}

extension Resource<EventAnswer> {
    package static var events: Resource<EventAnswer> { Resource("events") }
}

extension Resource<WebhookAnswer> {
    package static var webhooks: Resource<WebhookAnswer> { Resource("webhooks") }

    /// Where what waits for a webhook is made due.
    package static func retry(of webhook: WebhookID) -> Resource<WebhookAnswer> {
        Resource("webhooks/\(webhook)/retry")
    }

    /// Where another secret of a webhook is made.
    package static func secret(of webhook: WebhookID) -> Resource<WebhookAnswer> {
        Resource("webhooks/\(webhook)/secret")
    }
}

extension Resource<WebhookDelivery> {
    /// Where a webhook is sent a test event.
    package static func test(of webhook: WebhookID) -> Resource<WebhookDelivery> {
        Resource("webhooks/\(webhook)/test")
    }

    package static func deliveries(of webhook: WebhookID) -> Resource<WebhookDelivery> {
        Resource("webhooks/\(webhook)/deliveries")
    }
}

extension Resource<UsageRow> {
    package static var usage: Resource<UsageRow> { Resource("usage") }
}

extension Resource<LimitSetting> {
    package static var limits: Resource<LimitSetting> { Resource("limits") }
}

extension Resource<Costs> {
    package static var costs: Resource<Costs> { Resource("costs") }
}
