import WireGuardEngine

/// The accounts of peers that were ever charged, which their workers make; and what was left by peers and gateways that
/// are gone, until the next report has read it.
struct Accounts {
    /// An installation of a peer that has ended.
    struct FormerPeer {
        let handle: PeerHandle
        /// That of the peer's next installation; nil where it is desired no longer.
        let next: PeerHandle?
        let id: DesiredPeer.ID
        let gatewayID: DesiredGateway.ID
    }

    /// What the next report has to read though no worker tells of it any more.
    struct Left {
        fileprivate(set) var peers: [FormerPeer] = []
        fileprivate(set) var gateways: [(id: DesiredGateway.ID, account: GatewayAccount)] = []
    }

    private var byPeer: [PeerHandle: PeerAccount] = [:]
    private var left = Left()

    func account(of peer: PeerHandle) -> PeerAccount? { byPeer[peer] }

    /// Also of peers that have left since.
    mutating func add(_ charged: [ChargedPeer]) {
        for peer in charged {
            if let account = peer.newAccount { byPeer[peer.peer] = account }
        }
    }

    /// The peer is to have another handle, with its account as far as that is known; nil for a peer that is desired no
    /// longer.
    mutating func left(_ peer: CarriedPeer, for next: PeerHandle? = nil) {
        if let next { byPeer[next] = byPeer[peer.handle] }
        left.peers.append(
            FormerPeer(
                handle: peer.handle,
                next: next,
                id: peer.desired.id,
                gatewayID: peer.desired.gatewayID
            )
        )
    }

    /// The gateway is desired no longer.
    mutating func left(_ gateway: CarriedGateway) {
        guard let account = gateway.account else { return }
        left.gateways.append((gateway.desired.id, account))
    }

    mutating func takeLeft() -> Left {
        defer { left = Left() }
        return left
    }

    /// No worker charges the account of this handle any more. Nil where none ever did.
    mutating func close(_ peer: FormerPeer) -> (account: PeerAccount, isLast: Bool)? {
        guard let account = byPeer.removeValue(forKey: peer.handle) else { return nil }
        let isContinued = peer.next.flatMap { byPeer[$0] } === account
        return (account, !isContinued)
    }
}
