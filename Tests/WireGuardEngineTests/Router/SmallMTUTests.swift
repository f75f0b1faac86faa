import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite("A gateway whose MTU is smaller than what IPv6 counts on")
struct SmallMTUTests {
    private let hub: Hub

    init() throws {
        hub = try Hub(mtu: 600)
        hub.connect()
    }

    private func packet(_ family: Family, count: Int) -> [UInt8] {
        let headers = family.isIPv6 ? 48 : 28
        let text = String(repeating: "x", count: count - headers)
        return Packets.udp(from: family.first, to: family.second, text)
    }

    @Test(
        "a gateway with an MTU below 1280 forwards IPv6 packets of 1280 bytes and names 1280 about larger"
    )
    func ipv6() throws {
        #expect(hub.forward(packet(.v6, count: 1280)).count == 1)
        let answers = hub.answers(to: packet(.v6, count: 1281))
        #expect(try ICMPReply(try #require(answers.first)).word == 1280)
    }

    @Test("a gateway with an MTU below 1280 names its own MTU about IPv4 packets")
    func ipv4() throws {
        #expect(hub.forward(packet(.v4, count: 600)).count == 1)
        let answers = hub.answers(to: packet(.v4, count: 601))
        #expect(try ICMPReply(try #require(answers.first)).word == 600)
    }

    @Test(
        "a gateway with an MTU below 1280 clamps the MSS to 1280 bytes over IPv6 and its own over IPv4",
        arguments: zip(Family.both, [560, 1220] as [UInt16])
    )
    func segmentSize(family: Family, expected: UInt16) throws {
        let syn = Packets.tcp(
            from: family.first,
            to: family.second,
            flags: 0x02,
            options: [2, 4] + Packets.bytes(UInt16(1460))
        )
        let arrived = try #require(hub.forward(syn).first)
        #expect(arrived.suffix(2) == ArraySlice(Packets.bytes(expected)))
    }
}
