package import NetAddress
package import WireGuardCrypto

/// The body of a request for an organization.
package struct NewOrganization: Sendable {
    package var name: Field<String> = .absent

    package init() {}
}

/// The body of a change of an organization.
package struct OrganizationChange: Sendable {
    package var name: Field<String> = .absent
    package var isSuspended: Field<Bool> = .absent

    package init() {}
}

/// The body of a request for an API key.
package struct NewAPIKey: Sendable {
    package var name: Field<String> = .absent
    package var role: Field<Role> = .absent
    /// Each is a field of its own, so that each can be reported.
    package var networkIDs: Field<[Field<NetworkID>]> = .absent
    package var expiresAt: Field<Timestamp> = .absent

    package init() {}
}

/// The body of a request for a user.
package struct NewUser: Sendable {
    package var name: Field<String> = .absent
    package var role: Field<Role> = .absent
    package var networkIDs: Field<[Field<NetworkID>]> = .absent
    /// Of the invitation, in seconds.
    package var expiresIn: Field<Int> = .absent

    package init() {}
}

/// The body of a change of a user. `network_ids` of null lets the user see all networks.
package struct UserChange: Sendable {
    package var name: Field<String> = .absent
    package var role: Field<Role> = .absent
    package var networkIDs: Field<[Field<NetworkID>]> = .absent

    package init() {}
}

/// The body of a request for a new invitation of a user.
package struct NewInvitation: Sendable {
    /// Seconds.
    package var expiresIn: Field<Int> = .absent

    package init() {}
}

/// The body of a user's change of its own password.
package struct PasswordChange: Sendable {
    package var old: Field<Password> = .absent
    package var new: Field<Password> = .absent

    package init() {}
}

/// The body of a request for a link that signs in, which says nothing more.
package struct NewSignInCode: Sendable {
    package init() {}
}

/// The body of a request for a network.
package struct NewNetwork: Sendable {
    package var name: Field<String> = .absent
    package var addressBlock: Field<IPv4Prefix> = .absent

    package init() {}
}

/// The body of a change of a network.
package struct NetworkChange: Sendable {
    package var name: Field<String> = .absent

    package init() {}
}

/// The body of a request for a gateway.
package struct NewGateway: Sendable {
    package var networkID: Field<NetworkID> = .absent
    package var regionCode: Field<String> = .absent
    package var name: Field<String> = .absent
    package var enablesSIPTrunking: Field<Bool> = .absent
    package var serviceNames: Field<[Field<String>]> = .absent
    /// Inside the network's block.
    package var subnet: Field<IPv4Prefix> = .absent
    package var subnetPrefixLength: Field<Int> = .absent
    package var mtu: Field<Int> = .absent
    package var persistentKeepalive: Field<Int> = .absent
    /// These three take an admin: they make a gateway that takes the place of another server.
    package var privateKey: Field<SecretKey> = .absent
    package var listenPort: Field<UInt16> = .absent
    package var serverAddress: Field<InterfaceAddress> = .absent
    /// Takes an admin, too. Left out, the server chooses one of the region.
    package var nodeID: Field<NodeID> = .absent

    package init() {}
}

/// The body of a change of a gateway. `null` takes the value away: the gateway is without a name, or
/// follows the installation's defaults. A `null` node leaves it on its node.
package struct GatewayChange: Sendable {
    package var name: Field<String> = .absent
    package var enablesSIPTrunking: Field<Bool> = .absent
    package var serviceNames: Field<[Field<String>]> = .absent
    package var mtu: Field<Int> = .absent
    package var persistentKeepalive: Field<Int> = .absent
    /// Takes an admin.
    package var nodeID: Field<NodeID> = .absent

    package init() {}
}

/// The body of a request for a node.
package struct NewNode: Sendable {
    package var name: Field<String> = .absent
    package var regionCodes: Field<[Field<String>]> = .absent
    package var host: Field<PublicHost> = .absent
    package var ports: Field<PortRange> = .absent
    /// Of the join token, in seconds.
    package var expiresIn: Field<Int> = .absent

    package init() {}
}

/// The body of a change of a node. `null` leaves the value as it is: a node can be without none of them.
package struct NodeChangeRequest: Sendable {
    package var name: Field<String> = .absent
    package var regionCodes: Field<[Field<String>]> = .absent
    package var host: Field<PublicHost> = .absent
    package var ports: Field<PortRange> = .absent
    package var isDraining: Field<Bool> = .absent

    package init() {}
}

/// The body of a request for a new join token of a node.
package struct NewJoinToken: Sendable {
    /// Seconds.
    package var expiresIn: Field<Int> = .absent

    package init() {}
}

/// Where a request says that a region lies.
package struct PlaceRequest: Sendable {
    package var area: Field<String> = .absent
    package var site: Field<String> = .absent
    package var pop: Field<String> = .absent

    package init() {}
}

/// The body of a request for a region.
package struct NewRegion: Sendable {
    package var code: Field<String> = .absent
    package var name: Field<String> = .absent
    package var place = PlaceRequest()

    package init() {}
}

/// The body of a change of a region, which keeps its code. `null` takes the value away: the region is named
/// after its code, or has the place that is known of that.
package struct RegionChange: Sendable {
    package var name: Field<String> = .absent
    package var place = PlaceRequest()

    package init() {}
}

/// The body of a request for a network's default gateway.
package struct NewDefaultGateway: Sendable {
    package var peerID: Field<PeerID> = .absent

    package init() {}
}

/// The body of a request for an internet gateway.
package struct NewInternetGateway: Sendable {
    package var networkID: Field<NetworkID> = .absent
    package var regionCode: Field<String> = .absent
    package var name: Field<String> = .absent

    package init() {}
}

/// The body of a request for a private service.
package struct NewPrivateService: Sendable {
    package var name: Field<String> = .absent
    package var description: Field<String> = .absent
    package var prefixes: Field<[Field<IPv4Prefix>]> = .absent
    package var transport: Field<TransportProtocol> = .absent
    package var ports: Field<[Field<PortRange>]> = .absent
    package var regionCodes: Field<[Field<String>]> = .absent
    package var organizationIDs: Field<[Field<OrganizationID>]> = .absent
    package var allowsPrivatePrefixes: Field<Bool> = .absent

    package init() {}
}

/// The body of a change of a private service. `null` takes the value away, except that of `prefixes`, which a
/// service cannot be without and keeps.
package struct PrivateServiceChange: Sendable {
    package var description: Field<String> = .absent
    package var prefixes: Field<[Field<IPv4Prefix>]> = .absent
    package var transport: Field<TransportProtocol> = .absent
    package var ports: Field<[Field<PortRange>]> = .absent
    package var regionCodes: Field<[Field<String>]> = .absent
    package var organizationIDs: Field<[Field<OrganizationID>]> = .absent
    package var allowsPrivatePrefixes: Field<Bool> = .absent

    package init() {}
}

/// The body of a request for a static route.
package struct NewNetworkRoute: Sendable {
    package var networkID: Field<NetworkID> = .absent
    package var prefix: Field<IPv4Prefix> = .absent
    package var nextHop: Field<RequestedHop> = .absent

    package struct RequestedHop: Sendable {
        /// The one kind that a static route can have: a peer.
        package var kind: Field<String> = .absent
        package var id: Field<PeerID> = .absent

        package init() {}
    }

    package init() {}
}

/// The body of a request for a peer.
package struct NewPeer: Sendable {
    package var gatewayID: Field<GatewayID> = .absent
    package var name: Field<String> = .absent
    package var publicKey: Field<PublicKey> = .absent
    package var presharedKey: Field<KeyRequest> = .absent
    package var persistentKeepalive: Field<Int> = .absent
    package var address: Field<IPv4Address> = .absent
    package var allowedIPs: Field<[Field<IPPrefix>]> = .absent

    /// It takes an admin, as the gateway sends there unasked: where a peer of another server was heard.
    package var endpoint: Field<Endpoint> = .absent

    package init() {}
}

/// The body of a change of a peer. `null` takes the value away, except those of `public_key` and
/// `address`, which a peer cannot be without and keeps. A body without any known member, or with a
/// public key of `null` alone, asks for a new key pair.
package struct PeerChange: Sendable {
    package var name: Field<String> = .absent
    package var publicKey: Field<PublicKey> = .absent
    package var presharedKey: Field<KeyRequest> = .absent
    package var persistentKeepalive: Field<Int> = .absent
    package var address: Field<IPv4Address> = .absent
    package var allowedIPs: Field<[Field<IPPrefix>]> = .absent

    package init() {}
}

/// The body of a request for a share of a peer.
package struct NewPeerShare: Sendable {
    /// Which private key stands in the file that is shared: that of a new key pair, which the peer gets; the
    /// one that the peer has; or none, and a placeholder stands for it. The server keeps none.
    package var privateKey: Field<KeyRequest> = .absent
    package var isFullTunnel: Field<Bool> = .absent
    /// Seconds.
    package var expiresIn: Field<Int> = .absent

    package init() {}
}

/// The body of a request for the config URL of a peer, which says nothing more.
package struct NewPeerConfigURL: Sendable {
    package init() {}
}

/// What a request says about a key that the server may make.
package enum KeyRequest: Equatable, Sendable {
    /// The server makes one.
    case make
    case without
    case given(SecretKey)
}

/// The body of a request for a webhook.
package struct NewWebhook: Sendable {
    package var name: Field<String> = .absent
    package var url: Field<WebhookURL> = .absent
    package var events: Field<[Field<EventPattern>]> = .absent
    package var isEnabled: Field<Bool> = .absent

    package init() {}
}

/// The body of a change of a webhook.
package struct WebhookChange: Sendable {
    package var name: Field<String> = .absent
    package var url: Field<WebhookURL> = .absent
    package var events: Field<[Field<EventPattern>]> = .absent
    package var isEnabled: Field<Bool> = .absent

    package init() {}
}

/// The body of a request for another secret of a webhook.
package struct NewWebhookSecret: Sendable {
    /// For how many seconds the secret until now is signed with, too.
    package var oldExpiresIn: Field<Int> = .absent

    package init() {}
}

/// The body of a request for a test of a webhook.
package struct NewWebhookTest: Sendable {
    package init() {}
}

/// The body of a request to send at once what waits for a webhook.
package struct NewWebhookRetry: Sendable {
    package init() {}
}

/// The body of a request that sets limits in the place of those that are there: what it does not say is not limited.
package struct NewLimits: Sendable {
    package var rxRate: Field<UInt64> = .absent
    package var txRate: Field<UInt64> = .absent
    package var quota: Field<NewQuota> = .absent
    package var connectedPeers: Field<Int> = .absent

    package init() {}
}

/// A quota in the body of a request.
package struct NewQuota: Sendable {
    package var bytes: Field<UInt64> = .absent
    package var action: Field<MonthlyQuota.Action.QuotaActionKind> = .absent
    package var throttleRate: Field<UInt64> = .absent
    package var resetDay: Field<Int> = .absent

    package init() {}
}
