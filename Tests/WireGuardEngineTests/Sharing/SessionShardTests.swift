import Testing

@testable import WireGuardEngine

@Suite("The lane of a session")
struct SessionLaneTests {
    @Test("an index of a lane is of that lane, and keeps its other bytes", arguments: 1...7)
    func indices(lanes: Int) {
        for first in 0...255 as ClosedRange<UInt32> {
            for lane in 0..<lanes {
                let index = SessionLane.index(0xabcd_ef00 | first, in: lane, of: lanes)
                #expect(SessionLane.lane(of: index, of: lanes) == lane)
                #expect(index >> 8 == 0xab_cdef)
            }
        }
    }

    @Test("one worker's indices are as random as they come")
    func single() {
        #expect(SessionLane.index(0x1234_5678, in: 0, of: 1) == 0x1234_5678)
    }

    @Test("peers spread over the lanes, also every second one of them", arguments: [2, 3, 8])
    func spread(lanes: Int) {
        for step in [1, 2, 4] as [UInt32] {
            var counts = [Int](repeating: 0, count: lanes)
            for number in 0..<1200 as Range<UInt32> {
                let handle = PeerHandle(slot: number * step, generation: 1)
                counts[SessionLane.lane(ofPeer: handle, of: lanes)] += 1
            }
            #expect(counts.allSatisfy { abs($0 - 1200 / lanes) < 1200 / lanes / 4 }, "\(counts)")
        }
    }

    @Test("all sessions of a peer are of one lane")
    func sessions() throws {
        let hub = try Hub(clients: 4, workers: 2)
        for _ in 0..<5 {
            hub.connect()
            for handle in hub.handles {
                let index = try hub.gateway.session(handle).pointee.localIndex
                #expect(
                    SessionLane.lane(of: index, of: 2) == SessionLane.lane(ofPeer: handle, of: 2)
                )
            }
            hub.simulation.run(for: .seconds(200))
        }
    }
}
