import GatewayDomain
import NetAddress

/// All that the steps of a path are judged by, as of one moment.
struct PathEvidence: Sendable {
    let network: Network
    let source: PeerEvidence
    let target: Receiver
    /// That to the gateway of the receiver, or to the one that leads to the service; nil where no packet needs it.
    let link: LinkEvidence?
    /// What the config of the source leads to its gateway.
    let routes: [IPPrefix]
    /// Where packets of the source go that have no better route; configs may lead everything there.
    let wayOut: WayOut
    /// The peer that this is, as people call it.
    let wayOutTitle: String?
    /// What the server takes for the public internet.
    let rules: PrivateServiceRules

    enum Receiver: Sendable {
        /// With the address that was asked for: the peer's own, or one of a network behind it.
        case peer(PeerEvidence, at: IPAddress)
        /// The gateway's own address, which answers an echo request and nothing else.
        case gateway(IPAddress)
        /// In the subnet of a gateway of the network, where no peer has it.
        case unused(IPAddress)
        case elsewhere(IPAddress)
    }

    /// What follows a step that fails is judged all the same: it may fail as well.
    var explanation: PathExplanation {
        PathExplanation(
            networkID: network.id,
            from: PathEnd(source.peer, at: .v4(source.peer.address)),
            to: end,
            checkedAt: source.now,
            steps: sourceSteps + routeSteps + linkSteps + distantSteps + targetSteps
        )
    }

    var address: IPAddress {
        switch target {
        case .peer(_, let address), .gateway(let address), .unused(let address),
            .elsewhere(let address):
            address
        }
    }

    private var end: PathEnd {
        switch target {
        case .peer(let peer, _): PathEnd(peer.peer, at: address)
        case .gateway, .unused, .elsewhere: PathEnd(peerID: nil, name: nil, address: "\(address)")
        }
    }
}

extension PathEnd {
    fileprivate init(_ peer: Peer, at address: IPAddress) {
        self.init(peerID: peer.id, name: peer.name, address: "\(address)")
    }
}

extension PeerEvidence {
    /// What people call the peer.
    var title: String { peer.name.map { "'\($0)'" } ?? "\(peer.address)" }
}
