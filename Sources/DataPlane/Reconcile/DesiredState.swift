package import NetAddress
package import SystemIO
package import WireGuardEngine

/// All that the data plane should carry. Gateways and peers are known by ids of the caller's; in
/// which order they stand here means nothing.
package struct DesiredState: Sendable {
    /// No two have the same id.
    package var gateways: [DesiredGateway]
    /// No two have the same id. A peer of a gateway that is not there waits for it.
    package var peers: [DesiredPeer]
    /// No two have the same id.
    package var links: [DesiredLink]

    package init(
        gateways: [DesiredGateway] = [],
        peers: [DesiredPeer] = [],
        links: [DesiredLink] = []
    ) {
        self.gateways = gateways
        self.peers = peers
        self.links = links
    }
}

/// A step from one desired state to another. After any sequence of steps the data plane is the same
/// as after the whole state that they lead to.
package enum DesiredChange: Sendable {
    /// Adds the gateway, or changes the one of that id.
    case gateway(DesiredGateway)
    /// Its peers go with it.
    case noGateway(DesiredGateway.ID)
    /// Adds the peer, or changes the one of that id.
    case peer(DesiredPeer)
    case noPeer(DesiredPeer.ID)
    /// Adds the link, or changes the one of that id.
    case link(DesiredLink)
    case noLink(DesiredLink.ID)

    /// Without changes of gateways that a later one makes void: no gateway is opened for a moment.
    static func lastOfEachGateway(_ changes: [DesiredChange]) -> [DesiredChange] {
        var last: [DesiredGateway.ID: Int] = [:]
        var lastRemoval: [DesiredGateway.ID: Int] = [:]
        for (index, change) in changes.enumerated() {
            switch change {
            case .gateway(let gateway): last[gateway.id] = index
            case .noGateway(let id): (last[id], lastRemoval[id]) = (index, index)
            case .peer, .noPeer, .link, .noLink: break
            }
        }
        return changes.enumerated().filter { index, change in
            switch change {
            case .gateway(let gateway): last[gateway.id] == index
            case .noGateway(let id): lastRemoval[id] == index
            case .peer, .noPeer, .link, .noLink: true
            }
        }.map(\.element)
    }
}

/// A routing domain: its gateways share their routes and an owner.
package enum DesiredNetwork {
    package typealias ID = DesiredID<DesiredNetwork>
}

/// Whose gateways share limits on this node. All of them should say the same limits; what is said last counts.
package struct DesiredOrganization: Sendable {
    package typealias ID = DesiredID<DesiredOrganization>

    package var id: ID
    package var limits: SharedLimits

    package init(id: ID, limits: SharedLimits = SharedLimits()) {
        self.id = id
        self.limits = limits
    }
}

/// A gateway as it should be. Its sessions end where the private key, the port, the address that it
/// listens on, the network, the organization or the local delivery changes; all else changes in place.
package struct DesiredGateway: Sendable {
    package typealias ID = DesiredID<DesiredGateway>

    package var id: ID
    package var networkID: DesiredNetwork.ID
    package var configuration: GatewayConfiguration
    /// What its peers may reach through the node's interface; nil for a gateway whose peers reach each
    /// other alone.
    package var egress: EgressConfiguration?
    /// Port zero keeps the port that the gateway has, or takes any free one.
    package var listen: ListenAddress
    /// Of all its peers together.
    package var limits: SharedLimits
    package var organization: DesiredOrganization?

    package init(
        id: ID,
        networkID: DesiredNetwork.ID,
        configuration: GatewayConfiguration,
        egress: EgressConfiguration? = nil,
        listen: ListenAddress,
        limits: SharedLimits = SharedLimits(),
        organization: DesiredOrganization? = nil
    ) {
        self.id = id
        self.networkID = networkID
        self.configuration = configuration
        self.egress = egress
        self.listen = listen
        self.limits = limits
        self.organization = organization
    }
}

/// A peer as it should be. Its sessions end where the public key or the gateway changes; all else
/// changes in place.
package struct DesiredPeer: Sendable {
    package typealias ID = DesiredID<DesiredPeer>

    /// Where and when the peer was heard before it was installed.
    package struct LastHeard: Sendable {
        package var endpoint: Endpoint
        /// Nil where only another server heard it, whose place this one takes.
        package var time: WallTime?

        package init(endpoint: Endpoint, time: WallTime?) {
            self.endpoint = endpoint
            self.time = time
        }
    }

    package var id: ID
    package var gatewayID: DesiredGateway.ID
    /// Its endpoint is where the peer was configured to be: another one moves the peer, and none
    /// leaves it where it is. What is left of its quota counts where it had none, and nothing afterwards.
    package var configuration: PeerConfiguration
    /// Counts more than the configured endpoint when the peer is installed, and nothing afterwards:
    /// where only this differs, nothing is done.
    package var lastHeard: LastHeard?
    /// What is routed to the peer. Of two peers of a network that have one prefix, the one with the
    /// smaller id gets it, and a gateway's own addresses are its own whatever a peer claims.
    package var prefixes: [IPPrefix]

    package init(
        id: ID,
        gatewayID: DesiredGateway.ID,
        configuration: PeerConfiguration,
        lastHeard: LastHeard? = nil,
        prefixes: [IPPrefix]
    ) {
        self.id = id
        self.gatewayID = gatewayID
        self.configuration = configuration
        self.lastHeard = lastHeard
        self.prefixes = prefixes
    }
}
