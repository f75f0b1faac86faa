/// A gateway as other workers than its home carry it: they open, route and seal the packets of
/// its sessions, and leave handshakes and timers to the home.
///
/// Valid until the home removes the gateway; all others must have let go of it before.
public struct GatewayShare: @unchecked Sendable {
    let record: GatewayPointer
}

extension Engine {
    /// Of a gateway whose home this engine is.
    public func share(of handle: GatewayHandle) -> GatewayShare? {
        find(handle).map { GatewayShare(record: $0) }
    }

    /// From now on this engine carries packets of the gateway too. The slot must be free.
    public mutating func carry(_ share: GatewayShare) {
        enter(share.record)
    }

    /// Carries no more of its packets, and holds no pointer to it.
    public mutating func letGo(of handle: GatewayHandle) {
        guard let gateway = find(handle), !isHome(of: gateway) else { return }
        remove(handle)
    }
}
