/// Packets for a peer without a session wait here while a handshake runs: bounded per peer and in
/// total. The oldest is dropped first: to its receiver the newest packets are worth most.
extension Engine {
    mutating func stage(_ packet: UnsafeRawBufferPointer, for peer: PeerPointer) {
        let active = activate(peer)
        if active.pointee.staged.count >= Constant.maximumStagedPerPeer {
            dropOldest(of: peer)
        }
        if !staging.reserve(packet.count) {
            // The total is used up: this peer may only replace a packet of its own.
            guard dropOldest(of: peer), staging.reserve(packet.count) else {
                peer.pointee.gateway.pointee.drops.record(.stagingFull)
                return
            }
        }
        let size = StagedPackets.Packet.allocationSize(length: packet.count)
        let message = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
        message.initialize(repeating: 0, count: size)
        UnsafeMutableRawBufferPointer(
            start: message + TransportLayout.payload,
            count: packet.count
        ).copyMemory(from: packet)
        active.pointee.staged.append(.init(message: message, length: packet.count))
    }

    /// Sends what waited, in its order. False when nothing did.
    mutating func sendStaged(
        to peer: PeerPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) -> Bool {
        guard let active = peer.pointee.active, active.pointee.staged.count > 0 else {
            return false
        }
        while let packet = active.pointee.staged.popFirst() {
            staging.release(packet.length)
            let length = packet.length
            if let message = reserve(length, in: &outgoing) {
                UnsafeMutableRawBufferPointer(
                    start: message + TransportLayout.payload,
                    count: length
                ).copyMemory(from: (packet.message + TransportLayout.payload).bytes(0..<length))
                _ = sendNow(message, length: length, to: peer, at: moment, into: &outgoing)
            } else {
                peer.pointee.gateway.pointee.drops.record(.batchFull)
            }
            packet.message.deallocate()
        }
        return true
    }

    mutating func dropStaged(of peer: PeerPointer) {
        while dropOldest(of: peer) {}
    }

    @discardableResult
    private mutating func dropOldest(of peer: PeerPointer) -> Bool {
        guard let packet = peer.pointee.active?.pointee.staged.popFirst() else { return false }
        staging.release(packet.length)
        packet.message.deallocate()
        peer.pointee.gateway.pointee.drops.record(.stagingFull)
        return true
    }
}
