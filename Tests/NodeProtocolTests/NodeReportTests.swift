import GatewayDomain
import JSON
import NodeProtocol
import Testing

struct NodeReportTests {
    @Test("a report says the same when it was read and is written again")
    func reportsRoundTrip() throws {
        let written = Samples.report().written.encodedBytes
        let read = try NodeReport(written)
        #expect(read.written.encodedBytes == written)
        #expect(read.content.hasAddress == false)
        #expect(read.content.trouble.peers == Samples.trouble().peers)
        #expect(read.content.trouble.strangers == Samples.trouble().strangers)
        #expect(read.content.trouble.drops == Samples.trouble().drops)
        #expect(read.content.peers.map(\.egressAdded) == [EgressBytes(left: 400, entered: 2)])
        #expect(read.content.peers.map(\.usageAdded) == [Samples.usage])
    }

    @Test("two reports made one count every byte once")
    func merging() throws {
        var content = Samples.report().content
        content.add(Samples.report().content)
        #expect(content.peers.map(\.rxBytesAdded) == [2_000_000_000_000])
        #expect(content.peers.map(\.egressAdded) == [EgressBytes(left: 800, entered: 4)])
        let usage = try #require(content.peers.first).usageAdded.entries
        #expect(usage.count == Samples.usage.entries.count)
        for (sum, part) in zip(usage, Samples.usage.entries) {
            var twice = part.counts
            twice += part.counts
            #expect(sum.hour == part.hour && sum.kind == part.kind && sum.counts == twice)
        }
        #expect(content.traffic.peers.map(\.counts.rxPackets) == [6])
        #expect(content.traffic.drops == [Samples.gateway: ["no_route": 6]])
        #expect(content.gateways.count == 1)
    }

    @Test("an empty report takes some hundred bytes")
    func emptyReport() {
        let report = NodeReport(
            number: ReportNumber(generation: Samples.node.description, sequence: 1_000),
            time: Samples.time,
            content: ReportContent()
        )
        #expect(report.written.encodedBytes.count <= 120)
    }

    @Test("join messages say the same when they were read and are written again")
    func joinMessages() throws {
        let request = JoinRequest(
            nodeID: Samples.node,
            secret: "secret",
            publicKey: Samples.publicKey,
            regionCode: "ashburn-va",
            version: "1.2.3",
            time: Samples.time
        )
        #expect(try JoinRequest(request.written.encodedBytes) == request)
        let answer = JoinAnswer(
            credential: IssuedCredential(
                text: "credential",
                expiresAt: Samples.time,
                renewsAt: Samples.time
            )
        )
        #expect(try JoinAnswer(answer.written.encodedBytes) == answer)
    }

    @Test(
        "a time that no calendar has is refused",
        arguments: [Int64.min, -1, 253_402_300_800_000_000, .max]
    )
    func times(time: Int64) {
        let number = #"{"number":{"generation":"g","sequence":1},"#
        let peer = #""time":1,"peers":[{"id":"\#(PeerID.random())","seen":\#(time)}]}"#
        for text in [#""time":\#(time)}"#, peer] {
            #expect(throws: WireError.self) { try NodeReport(Array((number + text).utf8)) }
        }
    }

    @Test("usage of an hour that no calendar has, or of more hours than a report has, is refused")
    func usageHours() throws {
        func report(_ hours: [Int64]) throws -> NodeReport {
            let usage = hours.map { #"{"hour":\#($0),"link":{"rx":5},"warp":{"rx":7}}"# }
            let peer = #"{"id":"\#(PeerID.random())","usage":[\#(usage.joined(separator: ","))]}"#
            let number = #"{"number":{"generation":"g","sequence":1},"time":1"#
            return try NodeReport(Array(#"\#(number),"peers":[\#(peer)]}"#.utf8))
        }
        let most = Int64(PeerReport.mostUsageHours)
        for hours in [[-1], [Int64.max], [70_389_528], Array(0...most)] {
            #expect(throws: WireError.self) { try report(hours) }
        }
        let read = try #require(try report([7, 7]).content.peers.first)
        let counts = UsageCounts(rxBytes: 10)
        #expect(
            read.usageAdded.entries
                == [.init(hour: UsageHour(number: 7), kind: .link, counts: counts)]
        )
    }

    @Test(
        "of usage that is not delivered for days, no byte is lost and no more than a day's hours are kept apart"
    )
    func longSpool() throws {
        var content = ReportContent()
        for hour in 0..<100 as Range<Int64> {
            var later = ReportContent()
            let usage = HourlyUsage([
                .init(
                    hour: UsageHour(number: 1_000 + hour),
                    kind: .internet,
                    counts: UsageCounts(rxBytes: 1, txPackets: 2)
                )
            ])
            later.peers = [
                PeerReport(
                    id: Samples.peer,
                    lastSeen: nil,
                    latestHandshakeAt: nil,
                    endpoint: nil,
                    rxBytesAdded: 0,
                    txBytesAdded: 0,
                    usageAdded: usage
                )
            ]
            content.add(later)
        }
        let usage = try #require(content.peers.first).usageAdded.entries
        #expect(usage.count == 24)
        #expect(usage.map(\.hour.number).sorted() == Array(1_076...1_099))
        #expect(usage.reduce(0) { $0 + $1.counts.rxBytes } == 100)
        #expect(usage.reduce(0) { $0 + $1.counts.txPackets } == 200)
    }

    @Test("a report without a number or with number zero is refused")
    func numberless() {
        for text in [
            #"{"time":1}"#, #"{"number":{"generation":"g","sequence":0},"time":1}"#,
            #"{"number":{"generation":"","sequence":1},"time":1}"#,
        ] {
            #expect(throws: WireError.self) { try NodeReport(Array(text.utf8)) }
        }
    }
}
