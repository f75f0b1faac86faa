import Synchronization

/// Where trouble is written down, on any worker and off the path of packets that go on. The peer's
/// activity has the memory for it from the first trouble on.
extension Engine {
    /// A packet that authenticated as the peer's went no further.
    @inline(never)
    mutating func noteDrop(
        _ reason: DropReason,
        of packet: InnerPacket?,
        exceeding mtu: Int = 0,
        from peer: PeerPointer,
        at moment: Moment
    ) {
        let note = DropNote(
            reason: reason,
            flow: packet.map { DropNote.Flow($0) },
            last: moment.wall,
            length: packet?.length ?? 0,
            exceededMTU: mtu
        )
        noteTrouble(of: peer) { $0.dropped(note) }
    }

    /// What waited for the peer's session is about to be dropped.
    mutating func noteUndelivered(
        to peer: PeerPointer,
        as reason: DropReason,
        at moment: Moment
    ) {
        guard let active = peer.pointee.active else { return }
        active.pointee.staged.forEach { packet in
            noteDrop(
                reason,
                of: InnerPacket(packet.start, available: packet.length),
                from: peer,
                at: moment
            )
        }
    }

    /// An initiation is accepted. What it says of the one before and of the peer's clock.
    mutating func noteAccepted(_ stamp: TAI64N, of peer: PeerPointer, at moment: Moment) {
        let offset = stamp.seconds(since: TAI64N(moment.wall))
        let isUnused = peer.pointee.active?.pointee.next != nil
        let hadTrouble = peer.pointee.activity.withLock { $0.hasTrouble }
        let isNotable = offset.magnitude > PeerTrouble.notableClockOffset
        guard hadTrouble || isUnused || isNotable else { return }
        noteTrouble(of: peer) { trouble in
            if isUnused { trouble.answerWasNotUsed(at: moment.wall) }
            trouble.stampWasAccepted(offset: offset)
        }
    }

    mutating func noteTrouble(of peer: PeerPointer, _ change: (inout PeerTrouble) -> Void) {
        let isNewlyDue = peer.pointee.activity.withLock { activity in
            change(&activity.makeTrouble().pointee.trouble)
            return activity.becomesDue()
        }
        if isNewlyDue { enlist(peer) }
    }
}
