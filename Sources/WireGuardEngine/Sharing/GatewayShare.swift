/// A gateway as workers other than its owner carry it: they open, route and seal the packets of its
/// sessions, and leave handshakes and timers to the owner.
///
/// Valid until the owner removes the gateway; all others must have stopped carrying it before.
public struct GatewayShare: @unchecked Sendable {
    let record: GatewayPointer
}

extension Engine {
    /// Of a gateway that this engine owns.
    public func share(of handle: GatewayHandle) -> GatewayShare? {
        find(handle).map { GatewayShare(record: $0) }
    }

    /// From now on this engine carries packets of the gateway too. The slot must be free.
    public mutating func carry(_ share: GatewayShare) {
        insert(share.record)
    }

    /// Carries no more of its packets, and holds no pointer to it.
    public mutating func stopCarrying(_ handle: GatewayHandle) {
        guard let gateway = find(handle), !isOwner(of: gateway) else { return }
        remove(handle)
    }
}
