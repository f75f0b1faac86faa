/// Packets for a peer without a session wait here while a handshake runs: bounded per peer and in
/// total. The oldest is dropped first: to its receiver the newest packets are worth most.
extension Engine {
    mutating func stage(
        _ packet: UnsafeRawBufferPointer,
        as kind: TrafficKind?,
        for peer: PeerPointer
    ) {
        let active = activate(peer)
        if active.pointee.staged.count >= Constant.maximumStagedPerPeer {
            dropOldest(of: peer)
        }
        if !staging.reserve(packet.count) {
            // The total is used up: this peer may only replace a packet of its own.
            guard dropOldest(of: peer), staging.reserve(packet.count) else {
                peer.gateway.recordDrop(.stagingFull)
                return
            }
        }
        active.pointee.staged.append(.init(copying: packet, as: kind))
    }

    /// Sends what waited, in its order. False when nothing did.
    mutating func sendStaged(
        to peer: PeerPointer,
        in turn: inout Turn
    ) -> Bool {
        guard let active = peer.pointee.active, active.pointee.staged.count > 0 else {
            return false
        }
        while let packet = active.pointee.staged.popFirst() {
            staging.release(packet.length)
            if send(copying: packet.bytes, as: packet.kind, to: peer, in: &turn) == .noRoom {
                peer.gateway.recordDrop(.batchFull)
            }
            packet.free()
        }
        return true
    }

    mutating func dropStaged(of peer: PeerPointer, as reason: DropReason = .stagingFull) {
        while dropOldest(of: peer, as: reason) {}
    }

    @discardableResult
    private mutating func dropOldest(
        of peer: PeerPointer,
        as reason: DropReason = .stagingFull
    ) -> Bool {
        guard let packet = peer.pointee.active?.pointee.staged.popFirst() else { return false }
        staging.release(packet.length)
        packet.free()
        peer.gateway.recordDrop(reason)
        return true
    }
}
