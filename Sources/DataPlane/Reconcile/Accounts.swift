import WireGuardEngine

/// The accounts of peers that were ever charged, which their workers make; and what was left by peers that are gone,
/// until the next report has read it.
struct Accounts {
    /// An installation of a peer that has ended.
    struct FormerPeer {
        let handle: PeerHandle
        /// That of the peer's next installation; nil where it is desired no longer.
        let next: PeerHandle?
        let id: DesiredPeer.ID
        let gatewayID: DesiredGateway.ID
    }

    private var byPeer: [PeerHandle: PeerAccount] = [:]
    private var left: [FormerPeer] = []

    func account(of peer: PeerHandle) -> PeerAccount? { byPeer[peer] }

    /// Also of peers that have left since.
    mutating func add(_ charged: [ChargedPeer]) {
        for peer in charged {
            if let account = peer.newAccount { byPeer[peer.peer] = account }
        }
    }

    /// The peer is to have another handle, with its account as far as that is known.
    mutating func share(with next: PeerHandle, ofSamePeerAs peer: PeerHandle) {
        byPeer[next] = byPeer[peer]
    }

    /// Workers have these no longer.
    mutating func left(_ peers: [FormerPeer]) { left += peers }

    /// What the next report has to read though no worker tells of it any more.
    mutating func takeLeft() -> [FormerPeer] {
        defer { left = [] }
        return left
    }

    /// No worker charges the account of this handle any more. Nil where none ever did.
    mutating func close(_ peer: FormerPeer) -> (account: PeerAccount, isLast: Bool)? {
        guard let account = byPeer.removeValue(forKey: peer.handle) else { return nil }
        let isContinued = peer.next.flatMap { byPeer[$0] } === account
        return (account, !isContinued)
    }
}

extension Accounts.FormerPeer {
    init(_ peer: CarriedPeer, next: PeerHandle? = nil) {
        self.init(
            handle: peer.handle,
            next: next,
            id: peer.desired.id,
            gatewayID: peer.desired.gatewayID
        )
    }
}
