import NetAddress
import Synchronization

extension Engine {
    /// Where the peer is a lane's and its next probe is due.
    mutating func probe(_ peer: PeerPointer, in turn: inout Turn) {
        let now = turn.now
        let (probe, isNewlyDue) = peer.pointee.activity.withLock { activity in
            let probe = activity.takeProbe(at: now)
            return (probe, probe != nil && activity.becomesDue())
        }
        guard let probe else { return }
        if isNewlyDue { enlist(peer) }
        let isSent = send(probe, to: peer, in: &turn)
        if !isSent || probe.wantsSession { requestSession(with: peer, in: &turn) }
    }

    /// An echo answer to the gateway came over a lane. False where it answers no probe.
    func recordProbeAnswer(
        _ number: UInt32,
        from source: IPv4Address,
        to peer: PeerPointer,
        at now: Instant
    ) -> Bool {
        peer.pointee.activity.withLock { $0.probeAnswered(number, from: source, at: now) }
    }

    private mutating func send(
        _ probe: LaneProbes.Probe,
        to peer: PeerPointer,
        in turn: inout Turn
    ) -> Bool {
        guard let message = reserve(ICMPEcho.length, in: &turn) else { return true }
        ICMPEcho.write(
            to: message + TransportLayout.payload,
            from: probe.path.source,
            to: probe.path.destination,
            number: probe.number
        )
        return sendNow(message, length: ICMPEcho.length, to: peer, in: &turn)
    }
}
