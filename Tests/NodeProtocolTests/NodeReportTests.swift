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
    }

    @Test("two reports made one count every byte once")
    func merging() throws {
        var content = Samples.report().content
        content.add(Samples.report().content)
        #expect(content.peers.map(\.rxBytesAdded) == [2_000_000_000_000])
        #expect(content.peers.map(\.egressAdded) == [EgressBytes(left: 800, entered: 4)])
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
