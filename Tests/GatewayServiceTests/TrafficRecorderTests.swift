import GatewayDomain
import NetAddress
import NodeProtocol
import Testing
import TunnelTestSupport
import WireGuardCrypto

@testable import GatewayService

@Suite("Whose traffic is recorded")
struct TrafficRecorderTests {
    private static let start = Timestamp(microseconds: 1_728_000_000_000_000)

    @Test("of the peers whose histories are asked for, the one that was longest not asked for goes")
    func manyPeers() {
        let recorder = TrafficRecorder(at: Self.start)
        let first = peer()
        let second = peer()
        func knownSince(_ peer: Peer, second: Int64) -> Timestamp {
            recorder.history(of: peer, TrafficWindow(), at: at(second)).knownSince
        }
        #expect(knownSince(first, second: 0) == at(0))
        #expect(knownSince(second, second: 1) == at(1))
        #expect(knownSince(first, second: 2) == at(0))
        for _ in 2..<1000 { _ = knownSince(peer(), second: 3) }
        #expect(knownSince(first, second: 4) == at(0))
        #expect(knownSince(second, second: 5) == at(1))
        // One more than there is room for.
        _ = knownSince(peer(), second: 6)
        #expect(knownSince(first, second: 7) == at(0))
        #expect(knownSince(second, second: 8) == at(1))
        for _ in 0..<999 { _ = knownSince(peer(), second: 9) }
        #expect(knownSince(first, second: 10) == at(10))
    }

    @Test("an organization that asks for many histories ends none of another")
    func manyOfOneOrganization() {
        let recorder = TrafficRecorder(at: Self.start)
        let mine = peer()
        func knownSince(_ peer: Peer, second: Int64) -> Timestamp {
            recorder.history(of: peer, TrafficWindow(), at: at(second)).knownSince
        }
        #expect(knownSince(mine, second: 0) == at(0))
        let other = OrganizationID.random()
        let first = peer(of: other)
        #expect(knownSince(first, second: 1) == at(1))
        for _ in 0..<1000 { _ = knownSince(peer(of: other), second: 2) }
        #expect(knownSince(mine, second: 3) == at(0))
        #expect(knownSince(first, second: 4) == at(4))
    }

    @Test("the gateway that was silent for longest gives its place to busier ones")
    func manyGateways() {
        let recorder = TrafficRecorder(at: Self.start)
        let ids = (0...500).map { _ in GatewayID.random() }
        for (index, id) in ids.enumerated() {
            var report = TrafficReport()
            report.peers = [.init(id: .random(), gatewayID: id, counts: TrafficCounts(rxBytes: 70))]
            recorder.record(report, at: at(Int64(index)))
        }
        #expect(recorder.rate(of: ids[0], at: at(10)) == TrafficCounts())
        #expect(recorder.rate(of: ids[1], at: at(10)).rxBytes == 7)
        #expect(recorder.rate(of: ids[500], at: at(510)).rxBytes == 7)
    }

    private func at(_ second: Int64) -> Timestamp { Self.start.advanced(bySeconds: second) }

    private func peer(of organization: OrganizationID = .random()) -> Peer {
        Peer(
            id: .random(),
            organizationID: organization,
            gatewayID: .random(),
            name: nil,
            publicKey: .random(),
            address: IPv4Address(bits: 1),
            hasPresharedKey: false,
            persistentKeepalive: nil,
            createdAt: Timestamp(microseconds: 0),
            updatedAt: Timestamp(microseconds: 0)
        )
    }
}
