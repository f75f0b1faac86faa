/// Beside step 7: what is counted of a peer, once per run of packets, direction and kind. What counts is said at `Usage`.
extension Engine {
    /// A gateway without an account is a lane: what passes links is counted of the peers at their ends.
    @inline(__always)
    mutating func meter(
        _ count: PacketCount,
        _ direction: Usage.Direction,
        _ kind: TrafficKind?,
        of peer: PeerPointer
    ) {
        guard let kind, peer.gateway.pointee.account != nil else { return }
        let account = peer.account ?? makeAccount(of: peer)
        if account._withUnsafeGuaranteedRef({ $0.charge(count, direction, kind) }) {
            chargedPeers.append(ChargedPeer(peer: peer.handle, newAccount: nil))
        }
    }
}

/// What was taken from the sender of one run, of packets of one kind that follow each other.
struct TakenPackets {
    private(set) var count = PacketCount()
    private(set) var kind: TrafficKind?

    /// What was taken before, where that is of another kind.
    @inline(__always)
    mutating func add(_ more: PacketCount, _ next: TrafficKind?) -> TakenPackets? {
        if next == kind {
            count = count + more
            return nil
        }
        let before = self
        self = TakenPackets(count: more, kind: next)
        return before.kind == nil ? nil : before
    }
}
