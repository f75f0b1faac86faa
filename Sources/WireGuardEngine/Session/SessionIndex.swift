extension Engine {
    /// A random receiver index that is free on this gateway, §5.4.2. Random, so that the index of
    /// another peer's session cannot be guessed; but all indices of one peer are of one shard, so that
    /// a driver can steer its packets to one worker, in their order, across sessions.
    func makeIndex(for peer: PeerPointer) -> UInt32 {
        let gateway = peer.gateway
        let shards = reclamation.workers
        // Lanes are there to use all workers.
        let shard =
            gateway.pointee.lane.map { $0 % shards }
            ?? SessionShard.shard(ofPeer: peer.handle, of: shards)
        while true {
            let index = SessionShard.index(
                UInt32(truncatingIfNeeded: random.next()),
                in: shard,
                of: shards
            )
            if gateway.pointee.sessions.find(index) == nil,
                gateway.pointee.pendingInitiations[index] == nil
            {
                return index
            }
        }
    }
}

/// Which worker the kernel steers a session's packets to: the remainder of the index's first byte on
/// the wire, which a packet filter can read.
public enum SessionShard {
    /// The values of one byte.
    public static let maximum = 256

    /// Slots are mixed, so that peers at regular distances, such as every second one, spread over all
    /// shards.
    static func shard(ofPeer handle: PeerHandle, of shards: Int) -> Int {
        Int((handle.slot &* 0x9e37_79b9) >> 16) % shards
    }

    public static func shard(of index: UInt32, of shards: Int) -> Int {
        Int(index & 0xff) % shards
    }

    /// Moves the index's first byte to the next value of this shard, downwards or, at the ends, upwards.
    static func index(_ random: UInt32, in shard: Int, of shards: Int) -> UInt32 {
        let first = Int(random & 0xff)
        let moved = first - first % shards + shard
        return (random & ~0xff) | UInt32(moved <= 0xff ? moved : moved - shards)
    }
}
