extension Engine {
    /// A random receiver index that is free on this gateway, §5.4.2. Random, so that nobody can
    /// guess the index of somebody else's session; but all indices of one peer are of one lane, so
    /// that a driver can lead its packets to one worker, in their order, across sessions.
    func makeIndex(for peer: PeerPointer) -> UInt32 {
        let gateway = peer.pointee.gateway
        let lanes = quiescence.workers
        let lane = SessionLane.lane(ofPeer: peer.pointee.handle, of: lanes)
        while true {
            let index = SessionLane.index(
                UInt32(truncatingIfNeeded: random.next()),
                in: lane,
                of: lanes
            )
            if gateway.pointee.sessions.find(index) == nil,
                gateway.pointee.pendingInitiations[index] == nil
            {
                return index
            }
        }
    }
}

/// Which worker the kernel leads a session's packets to: the remainder of the index's first byte on
/// the wire, which a packet filter can read.
public enum SessionLane {
    /// As many as a byte can tell apart.
    public static let maximum = 256

    /// Mixed, so that peers that talk alike, as every second one may, do not share one lane.
    static func lane(ofPeer handle: PeerHandle, of lanes: Int) -> Int {
        Int((handle.slot &* 0x9e37_79b9) >> 16) % lanes
    }

    public static func lane(of index: UInt32, of lanes: Int) -> Int {
        Int(index & 0xff) % lanes
    }

    /// The index nearest below, or just above zero, that is of this lane.
    static func index(_ random: UInt32, in lane: Int, of lanes: Int) -> UInt32 {
        let first = Int(random & 0xff)
        let moved = first - first % lanes + lane
        return random & ~0xff | UInt32(moved <= 0xff ? moved : moved - lanes)
    }
}
