public import NetAddress
import Synchronization

extension Engine {
    /// The operator says where a peer is, whatever was heard before. Its sessions stay, and its next
    /// authentic packet has the last word.
    public mutating func relocatePeer(
        _ handle: PeerHandle,
        to endpoint: Endpoint,
        at moment: Moment
    ) {
        guard let peer = peers.find(handle) else { return }
        peer.pointee.traffic.withLock { $0.path = Path(remote: endpoint) }
        if peer.pointee.persistentKeepalive.nanoseconds > 0 {
            timers.schedule(peer, at: moment.now)
        }
    }
}
