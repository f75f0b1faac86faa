import Synchronization

/// Which peers are connected: those with a session that may still be used, or that wait for the peer to confirm its
/// successor. They take room of their gateway and of its organization, and keep it through all renewals.
///
/// A peer is connected when it has proven that it holds the keys: repeated initiations of another sender take no room.
extension Engine {
    /// Whether a handshake with the peer may lead to a session.
    func mayConnect(_ peer: PeerPointer) -> Bool {
        if peer.pointee.active?.pointee.isConnected == true { return true }
        return peer.gateway.pointee.account?._withUnsafeGuaranteedRef { $0.hasRoom } ?? true
    }

    /// The peer has a session that may be used. False where there is no room for one.
    func connect(_ peer: PeerPointer) -> Bool {
        let active = activate(peer)
        guard !active.pointee.isConnected, let account = peer.gateway.pointee.account else {
            return true
        }
        active.pointee.isConnected = account._withUnsafeGuaranteedRef { $0.connect() }
        return active.pointee.isConnected
    }

    func disconnect(_ peer: PeerPointer) {
        guard let active = peer.pointee.active, active.pointee.isConnected else { return }
        active.pointee.isConnected = false
        peer.gateway.pointee.account?._withUnsafeGuaranteedRef { $0.disconnect() }
    }

    /// There is no room for the peer, and what waits for its session is dropped.
    mutating func giveUpConnecting(_ peer: PeerPointer, at moment: Moment) {
        noteUndelivered(to: peer, as: .connectedPeersExceeded, at: moment)
        dropStaged(of: peer, as: .connectedPeersExceeded)
    }

    /// When the peer's newest session can be used no longer; `never` for one that is not connected.
    func connectionEnd(of peer: PeerPointer) -> Instant {
        guard let active = peer.pointee.active, active.pointee.isConnected else { return .never }
        let current = peer.currentSession?.pointee.createdAt ?? .never
        let next = active.pointee.next?.pointee.createdAt ?? .never
        return max(current, next) + Constant.rejectAfterTime
    }
}
