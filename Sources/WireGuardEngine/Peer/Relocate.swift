public import NetAddress
import Synchronization

extension Engine {
    /// Sets a peer's endpoint as the operator gives it, in place of the one it was heard at. Its
    /// sessions stay, and its next authentic packet moves the endpoint again.
    public mutating func relocatePeer(
        _ handle: PeerHandle,
        to endpoint: Endpoint,
        at moment: Moment
    ) {
        guard let peer = peers.find(handle) else { return }
        peer.pointee.activity.withLock { $0.addressPair = AddressPair(remote: endpoint) }
        if peer.pointee.persistentKeepalive.nanoseconds > 0 {
            timers.schedule(peer, at: moment.now)
        }
    }
}
