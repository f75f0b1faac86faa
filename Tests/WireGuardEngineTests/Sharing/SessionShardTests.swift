import Testing

@testable import WireGuardEngine

@Suite("The shard of a session")
struct SessionShardTests {
    @Test(
        "a session index that is put into a shard is of that shard, and keeps its other bytes",
        arguments: 1...7
    )
    func indices(shards: Int) {
        for first in 0...255 as ClosedRange<UInt32> {
            for shard in 0..<shards {
                let index = SessionShard.index(0xabcd_ef00 | first, in: shard, of: shards)
                #expect(SessionShard.shard(of: index, of: shards) == shard)
                #expect(index >> 8 == 0xab_cdef)
            }
        }
    }

    @Test("the session indices of a single worker keep all random bits")
    func single() {
        #expect(SessionShard.index(0x1234_5678, in: 0, of: 1) == 0x1234_5678)
    }

    @Test(
        "the sessions of all peers, or of every second one, spread over the workers' shards",
        arguments: [2, 3, 8]
    )
    func spread(shards: Int) {
        for step in [1, 2, 4] as [UInt32] {
            var counts = [Int](repeating: 0, count: shards)
            for number in 0..<1200 as Range<UInt32> {
                let handle = PeerHandle(slot: number * step, generation: 1)
                counts[SessionShard.shard(ofPeer: handle, of: shards)] += 1
            }
            #expect(counts.allSatisfy { abs($0 - 1200 / shards) < 1200 / shards / 4 }, "\(counts)")
        }
    }

    @Test("all sessions of a peer are of one worker's shard")
    func sessions() throws {
        let hub = try Hub(clients: 4, workers: 2)
        for _ in 0..<5 {
            hub.connect()
            for handle in hub.handles {
                let index = try hub.gateway.session(handle).pointee.localIndex
                #expect(
                    SessionShard.shard(of: index, of: 2)
                        == SessionShard.shard(ofPeer: handle, of: 2)
                )
            }
            hub.simulation.run(for: .seconds(200))
        }
    }
}
