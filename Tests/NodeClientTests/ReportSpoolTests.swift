import GatewayDomain
import NodeProtocol
import Testing

@testable import NodeClient

struct ReportSpoolTests {
    private static let time = Timestamp(microseconds: 1)
    private static let peer = PeerID.random()

    private static func counting(_ bytes: UInt64) -> ReportContent {
        var content = ReportContent()
        content.peers = [
            PeerReport(
                id: peer,
                lastSeen: time,
                latestHandshakeAt: nil,
                endpoint: nil,
                rxBytesAdded: bytes,
                txBytesAdded: 0
            )
        ]
        return content
    }

    /// A server that counts each number once.
    private struct Counter {
        var last: Int64 = 0
        var bytes: UInt64 = 0

        mutating func take(_ report: NodeReport) {
            guard report.number.sequence > last else { return }
            last = report.number.sequence
            bytes += report.content.peers.reduce(0) { $0 + $1.rxBytesAdded }
        }
    }

    @Test("a report stays what it is until it has arrived, whatever comes up meanwhile")
    func reportsAreFrozen() {
        var spool = ReportSpool(generation: "g")
        spool.add(Self.counting(5))
        let first = spool.next(at: Self.time)
        spool.add(Self.counting(7))
        let again = spool.next(at: Self.time)
        #expect(again.number == first.number)
        #expect(again.content.peers.map(\.rxBytesAdded) == [5])
        spool.noteArrival(of: first.number)
        let second = spool.next(at: Self.time)
        #expect(second.number.sequence == first.number.sequence + 1)
        #expect(second.content.peers.map(\.rxBytesAdded) == [7])
    }

    @Test(
        "every byte is counted once, whichever answers are lost and whenever the process is killed"
    )
    func countedOnce() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var spool = ReportSpool(generation: "g")
            var saved = SavedReports(spool: spool).written
            var server = Counter()
            var sent: UInt64 = 0
            for _ in 0..<40 {
                let bytes = UInt64.random(in: 1...9, using: &generator)
                sent += bytes
                spool.add(Self.counting(bytes))
                let report = spool.next(at: Self.time)
                saved = SavedReports(spool: spool).written
                guard Bool.random(using: &generator) else { continue }
                server.take(report)
                if Bool.random(using: &generator) { spool.noteArrival(of: report.number) }
                guard Int.random(in: 0..<4, using: &generator) == 0 else { continue }
                // Killed, and started from what was saved before the report was sent.
                spool = try SavedReports(saved).spool
                spool.noteCounted(server.last)
            }
            spool.noteCounted(server.last)
            for _ in 0..<3 {
                let report = spool.next(at: Self.time)
                server.take(report)
                spool.noteArrival(of: report.number)
            }
            #expect(server.bytes == sent)
        }
    }

    @Test("what waits is merged, and takes no more room than the peers have")
    func merging() {
        var spool = ReportSpool(generation: "g")
        for _ in 0..<1_000 { spool.add(Self.counting(3)) }
        #expect(spool.waiting.peers.map(\.rxBytesAdded) == [3_000])
    }

    /// Of so many peers, each with as many bytes as its place says.
    private static func counting(peers: Int) -> ReportContent {
        var content = ReportContent()
        for number in 1...peers {
            let one = counting(UInt64(number)).peers[0]
            let id = PeerID.random()
            content.peers.append(
                PeerReport(
                    id: id,
                    lastSeen: one.lastSeen,
                    latestHandshakeAt: nil,
                    endpoint: nil,
                    rxBytesAdded: one.rxBytesAdded,
                    txBytesAdded: 0
                )
            )
            content.trouble.peers[id] = PeerObservations()
            content.traffic.peers.append(
                TrafficReport.CarriedByPeer(id: id, gatewayID: .random(), counts: TrafficCounts())
            )
        }
        return content
    }

    @Test("what is more than a report holds is sent in several, each byte and peer once")
    func parts() {
        let whole = Self.counting(peers: 12_000)
        var spool = ReportSpool(generation: "g")
        spool.add(whole)
        var server = Counter()
        var trouble: [PeerID] = []
        var traffic: [PeerID] = []
        var reports = 0
        while !spool.waiting.isEmpty {
            let report = spool.next(at: Self.time)
            #expect(report.content.mostObjects <= 5_000)
            server.take(report)
            trouble += report.content.trouble.peers.keys
            traffic += report.content.traffic.peers.map(\.id)
            spool.noteArrival(of: report.number)
            reports += 1
        }
        let ids = whole.peers.map(\.id).sorted()
        #expect(reports == 3 && server.bytes == 12_000 * 12_001 / 2)
        #expect(trouble.sorted() == ids && traffic.sorted() == ids)
    }

    @Test(
        "of a report that is too large for the way a part is sent instead, down to counters alone"
    )
    func tooLarge() {
        let whole = Self.counting(peers: 7)
        var spool = ReportSpool(generation: "g")
        spool.add(whole)
        var server = Counter()
        for _ in 0..<100 {
            let report = spool.next(at: Self.time)
            // No more than two peers, or one with all that is known of it, get through.
            let size = report.content.peers.count + report.content.trouble.peers.count
            guard size <= 1 else {
                spool.noteTooLarge(report.number)
                continue
            }
            server.take(report)
            spool.noteArrival(of: report.number)
        }
        #expect(server.bytes == 28)
        #expect(spool.underWay?.isEmpty != false && spool.waiting.isEmpty)
    }
}
