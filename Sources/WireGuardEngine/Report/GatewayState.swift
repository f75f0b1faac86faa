public import WireGuardCrypto

/// What there is to say about a gateway, and about some of its peers.
public struct GatewayState: Sendable {
    public let publicKey: PublicKey
    public let privateKey: SecretKey
    public let view: NetworkView
    public let peers: [PeerState]
    /// Where to go on; nil when these were the last peers.
    public let nextSlot: UInt32?
}

/// What is known of a peer, whether it ever talked or not.
public struct PeerState: Sendable {
    public let publicKey: PublicKey
    public let presharedKey: SecretKey?
    /// Seconds; zero sends none.
    public let persistentKeepalive: UInt16
    public let report: ActivityReport
}

extension Engine {
    /// A part of the whole, so that packets never wait for long: the peers of some 1024 slots.
    public func state(of handle: GatewayHandle, fromSlot first: UInt32) -> GatewayState? {
        guard let gateway = find(handle) else { return nil }
        var found: [PeerState] = []
        let end = min(Int(first) + 1024, peers.slotCount)
        for slot in Int(first)..<max(end, Int(first)) {
            guard let peer = peers.record(slot: UInt32(slot)), peer.gateway == gateway,
                let report = report(of: peer.handle)
            else { continue }
            let seconds = peer.pointee.persistentKeepalive.nanoseconds / 1_000_000_000
            found.append(
                PeerState(
                    publicKey: peer.pointee.publicKey,
                    presharedKey: peer.pointee.presharedKey,
                    persistentKeepalive: UInt16(clamping: seconds),
                    report: report
                )
            )
        }
        return GatewayState(
            publicKey: gateway.pointee.identity.publicKey,
            privateKey: gateway.pointee.identity.privateKey,
            view: gateway.pointee.view.newest,
            peers: found,
            nextSlot: end < peers.slotCount ? UInt32(end) : nil
        )
    }
}
