import GatewayDomain
import Testing

@testable import GatewayRuntime
@testable import WireGuardEngine

@Suite("What one report of a peer adds to the one before")
struct PeerTotalsTests {
    @Test("a report adds what its counters have grown by, and all of them where it is the first")
    func growth() {
        let first = PeerTotals(report(bytes: 100, packets: 2, handshake: 1))
        #expect(
            first.growth(since: nil)
                == TrafficCounts(
                    rxBytes: 100,
                    txBytes: 101,
                    rxPackets: 2,
                    txPackets: 3,
                    handshakes: 1
                )
        )
        let second = PeerTotals(report(bytes: 130, packets: 3, handshake: 1))
        #expect(
            second.growth(since: first)
                == TrafficCounts(rxBytes: 30, txBytes: 30, rxPackets: 1, txPackets: 1)
        )
        #expect(second.growth(since: second) == TrafficCounts())
        let third = PeerTotals(report(bytes: 130, packets: 3, handshake: 2))
        #expect(third.growth(since: second) == TrafficCounts(handshakes: 1))
        #expect(PeerTotals(report()).growth(since: nil).handshakes == 0)
    }

    @Test("counters that are smaller than before have begun anew")
    func restart() {
        let before = PeerTotals(report(bytes: 100, packets: 9))
        let after = PeerTotals(report(bytes: 40, packets: 1))
        #expect(
            after.growth(since: before)
                == TrafficCounts(rxBytes: 40, txBytes: 41, rxPackets: 1, txPackets: 2)
        )
    }

    @Test("what passed the interface is added by itself, from zero on where counting began anew")
    func egress() {
        let first = PeerTotals(report(egress: (10, 20)))
        #expect(first.egressGrowth(since: nil) == EgressBytes(left: 10, entered: 20))
        let second = PeerTotals(report(egress: (15, 20)))
        #expect(second.egressGrowth(since: first) == EgressBytes(left: 5))
        #expect(first.egressGrowth(since: second) == EgressBytes(left: 10))
        #expect(PeerTotals(report()).egressGrowth(since: first) == EgressBytes())
    }

    @Test("a ping that was answered shows in the first report after it")
    func echo() {
        let none = PeerTotals(report())
        let one = PeerTotals(report(echoes: 1))
        #expect(!none.hasNewEcho(since: nil))
        #expect(one.hasNewEcho(since: nil))
        #expect(one.hasNewEcho(since: none))
        #expect(!one.hasNewEcho(since: one))
        #expect(none.hasNewEcho(since: PeerTotals(report(echoes: .max))))
        let before = PeerTotals(report(packets: 9, echoes: 1))
        #expect(!none.hasNewEcho(since: before))
        #expect(one.hasNewEcho(since: before))
    }

    private func report(
        bytes: UInt64 = 0,
        packets: UInt64 = 0,
        handshake: UInt64? = nil,
        echoes: UInt32 = 0,
        egress: (left: UInt64, entered: UInt64)? = nil
    ) -> ActivityReport {
        let traffic = egress.map { bytes in
            var traffic = EgressTraffic()
            traffic.leftBytes = bytes.left
            traffic.enteredBytes = bytes.entered
            return traffic
        }
        return ActivityReport(
            peer: PeerHandle(slot: 0, generation: 1),
            endpoint: nil,
            lastSeen: nil,
            latestHandshake: handshake.map { WallTime(nanoseconds: $0) },
            receivedBytes: bytes,
            receivedPackets: packets,
            sentBytes: bytes == 0 ? 0 : bytes + 1,
            sentPackets: packets == 0 ? 0 : packets + 1,
            answeredEchoes: echoes,
            egress: traffic,
            probes: nil,
            newTrouble: nil
        )
    }
}
