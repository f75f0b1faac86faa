import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

/// Clients take packets from the addresses that they route to the hub and from no others: 10.0.0.0/24
/// and fd00::/64.
@Suite("An ICMP error comes from an address that its receiver takes")
struct ErrorSourceTests {
    private func connected(_ addresses: [String]) throws -> Hub {
        let hub = try Hub(addresses: addresses)
        hub.connect()
        return hub
    }

    private func tooLarge(_ family: Family) -> [UInt8] {
        Packets.udp(from: family.first, to: family.second, String(repeating: "x", count: 1400))
    }

    private func expectError(
        _ packet: [UInt8],
        at hub: Hub,
        from source: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let answers = hub.answers(to: packet)
        #expect(answers.count == 1, sourceLocation: sourceLocation)
        let answer = try #require(answers.first, sourceLocation: sourceLocation)
        let reply = try ICMPReply(answer, sourceLocation: sourceLocation)
        #expect(reply.source == IPAddress(source), sourceLocation: sourceLocation)
        let quoted = Array(packet.prefix(reply.body.count))
        #expect(reply.body == quoted, sourceLocation: sourceLocation)
    }

    @Test(
        "a hub without an address says packet too big in the name of the packet's receiver",
        arguments: Family.both
    )
    func tooBigWithoutAddress(family: Family) throws {
        let hub = try connected([])
        try expectError(tooLarge(family), at: hub, from: family.second)
        let reply = try ICMPReply(try #require(hub.clients[0].received.first))
        #expect(reply.type == (family.isIPv6 ? 2 : 3) && reply.code == (family.isIPv6 ? 0 : 4))
        #expect(reply.word == 1420)
    }

    @Test(
        "a hub without an address says unreachable in the name of the packet's receiver",
        arguments: Family.both
    )
    func unreachableWithoutAddress(family: Family) throws {
        let hub = try connected([])
        try expectError(
            Packets.udp(from: family.first, to: family.nobody, "x"),
            at: hub,
            from: family.nobody
        )
    }

    @Test(
        "a hub without an IPv4 address sends time exceeded from 192.0.0.8, and receives nothing there"
    )
    func hopWithoutAddress() throws {
        let hub = try connected(["fd00::1/64"])
        let packet = Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "x", hopLimit: 1)
        #expect(hub.answers(to: packet).isEmpty, "this client takes nothing from there")
        try hub.allowEverything(atClient: 0)
        try expectError(packet, at: hub, from: "192.0.0.8")
    }

    @Test("a hub without an IPv6 address sends no ICMPv6 time exceeded")
    func hopWithoutIPv6() throws {
        let hub = try connected(["10.0.0.1/24"])
        try hub.allowEverything(atClient: 0)
        let packet = Packets.udp(from: "fd00::2", to: "fd00::3", "x", hopLimit: 1)
        #expect(hub.answers(to: packet).isEmpty)
        #expect(hub.gateway.drops(.hopLimitExceeded) == 1)
    }

    @Test(
        "of a gateway's addresses, the one in the client's network is the source of an ICMP error",
        arguments: Family.both
    )
    func severalAddresses(family: Family) throws {
        let hub = try connected([
            "192.168.7.1/24", "fd07::1/64", "10.0.0.1/24", "fd00::1/64", "172.16.0.1/12",
        ])
        try expectError(tooLarge(family), at: hub, from: family.gateway)
        try expectError(
            Packets.udp(from: family.first, to: family.second, "x", hopLimit: 1),
            at: hub,
            from: family.gateway
        )
    }

    @Test(
        "a gateway's first address is the source of an ICMP error where none is in the client's network"
    )
    func hostAddresses() throws {
        let hub = try connected(["10.0.0.1/32", "10.0.0.4/32", "fd00::1/128", "fd00::4/128"])
        try expectError(tooLarge(.v4), at: hub, from: "10.0.0.1")
        try expectError(tooLarge(.v6), at: hub, from: "fd00::1")
    }

    @Test(
        "a gateway's address that cannot be a sender's is never the source of an ICMP error",
        arguments: [["fe80::1/64"], ["::1/128", "ff02::1/128", "::/0"]]
    )
    func unusableAddresses(addresses: [String]) throws {
        let hub = try connected(addresses)
        try expectError(tooLarge(.v6), at: hub, from: "fd00::3")
        let other = try connected(addresses + ["fd00::1/128"])
        try expectError(tooLarge(.v6), at: other, from: "fd00::1")
    }

    @Test("port unreachable comes from the address of the hub that was asked")
    func askedAddress() throws {
        let hub = try connected(["10.0.0.1/24", "10.0.0.77/24", "fd00::1/64", "fd00::77/64"])
        try expectError(
            Packets.udp(from: "10.0.0.2", to: "10.0.0.77", "x"),
            at: hub,
            from: "10.0.0.77"
        )
        try expectError(
            Packets.udp(from: "fd00::2", to: "fd00::77", "x"),
            at: hub,
            from: "fd00::77"
        )
    }
}
