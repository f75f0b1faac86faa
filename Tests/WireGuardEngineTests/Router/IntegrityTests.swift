import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite("The gateway answers no packet that a host would not believe")
struct IntegrityTests {
    private let hub: Hub

    init() throws {
        hub = try Hub()
        hub.connect()
    }

    private func expectSilence(
        _ packet: [UInt8],
        _ reason: DropReason,
        _ comment: Comment? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let before = hub.gateway.drops(reason)
        #expect(hub.answers(to: packet).isEmpty, comment, sourceLocation: sourceLocation)
        let counted = hub.gateway.drops(reason) - before
        #expect(counted == 1, comment, sourceLocation: sourceLocation)
    }

    @Test(
        "an echo request to the gateway with any bit of its message flipped is dropped",
        arguments: Family.both
    )
    func damagedEcho(family: Family) {
        let request = Packets.echo(from: family.first, to: family.gateway, count: 5)
        for bit in 0..<(request.count - (family.isIPv6 ? 40 : 20)) * 8 {
            var damaged = request
            damaged[(family.isIPv6 ? 40 : 20) + bit / 8] ^= 1 << UInt8(bit % 8)
            expectSilence(damaged, .badChecksum, "bit \(bit)")
        }
        #expect(hub.answers(to: request).count == 1)
    }

    @Test("an echo request to the gateway whose IPv4 header is damaged is dropped")
    func damagedHeader() {
        // What routing does not depend on: type of service, identification, hop limit, checksum.
        for byte in [1, 4, 5, 8, 10, 11] {
            var damaged = Packets.echo(from: "10.0.0.2", to: "10.0.0.1")
            damaged[byte] ^= 0x04
            expectSilence(damaged, .badChecksum, "byte \(byte)")
        }
    }

    @Test("an ICMPv6 echo request whose checksum lacks the pseudo-header is dropped")
    func withoutPseudoHeader() {
        var request = Packets.echo(from: "fd00::2", to: "fd00::1")
        request.replaceSubrange(42...43, with: [0, 0])
        let sum = Packets.checksum(Array(request[40...]))
        request.replaceSubrange(42...43, with: Packets.bytes(sum))
        expectSilence(request, .badChecksum)
    }

    @Test("a damaged TCP or UDP packet to the gateway is dropped", arguments: Family.both)
    func damagedTransport(family: Family) {
        let header = family.isIPv6 ? 40 : 20
        for packet in [
            Packets.tcp(from: family.first, to: family.gateway, flags: 0x02, payload: [1, 2, 3]),
            Packets.udp(from: family.first, to: family.gateway, "knock"),
        ] {
            #expect(hub.answers(to: packet).count == 1)
            for byte in header..<packet.count {
                var damaged = packet
                damaged[byte] ^= 0x20
                expectSilence(damaged, .badChecksum, "byte \(byte - header)")
            }
        }
    }

    @Test(
        "UDP to the gateway without a checksum is answered over IPv4 and dropped over IPv6",
        arguments: Family.both
    )
    func withoutChecksum(family: Family) {
        var packet = Packets.udp(from: family.first, to: family.gateway, "knock")
        let place = (family.isIPv6 ? 40 : 20) + 6
        packet.replaceSubrange(place...place + 1, with: [0, 0])
        if family.isIPv6 {
            expectSilence(packet, .badChecksum)
        } else {
            #expect(hub.answers(to: packet).count == 1)
        }
    }

    @Test(
        "the checksum of UDP that is shorter than its packet is judged by UDP's own length",
        arguments: Family.both
    )
    func shorterThanItsPacket(family: Family) {
        var packet = Packets.udp(from: family.first, to: family.gateway, "knock")
        packet += [1, 2, 3]
        let length = UInt16(packet.count - (family.isIPv6 ? 40 : 0))
        let place = family.isIPv6 ? 4 : 2
        packet.replaceSubrange(place...place + 1, with: Packets.bytes(length))
        if !family.isIPv6 { packet = Packets.setHeaderChecksum(of: packet) }
        #expect(hub.answers(to: packet).count == 1)
    }

    @Test("fragments to the gateway are dropped, as only a whole packet can be judged")
    func fragments() {
        for offset in [UInt16(0x2000), 0x2001, 0x0001] {
            for whole in [
                Packets.echo(from: "10.0.0.2", to: "10.0.0.1"),
                Packets.udp(from: "10.0.0.2", to: "10.0.0.1", "knock"),
            ] {
                var fragment = whole
                fragment.replaceSubrange(6...7, with: Packets.bytes(offset))
                expectSilence(Packets.setHeaderChecksum(of: fragment), .notForwarded)
            }
        }
    }

    @Test("a source address that is not one host's is refused, even if it is routed to its sender")
    func impossibleSender() throws {
        hub.gateway.engine.publish(
            NetworkView(routes: [
                (try IPPrefix("0.0.0.0/0"), .peer(hub.handles[0])),
                (try IPPrefix("::/0"), .peer(hub.handles[0])),
                (try IPPrefix("10.0.0.1/32"), .gateway(hub.gateway.gateway)),
                (try IPPrefix("fd00::1/128"), .gateway(hub.gateway.gateway)),
                (try IPPrefix("10.0.0.3/32"), .peer(hub.handles[1])),
                (try IPPrefix("fd00::3/128"), .peer(hub.handles[1])),
            ]),
            to: [hub.gateway.gateway]
        )
        for index in 0...1 { try hub.allowEverything(atClient: index) }
        for sender in ["0.0.0.0", "0.1.2.3", "127.0.0.1", "224.0.0.1", "255.255.255.255"] {
            expectSilence(Packets.echo(from: sender, to: "10.0.0.1"), .sourceNotAllowed)
            expectSilence(Packets.udp(from: sender, to: "10.0.0.3", "x"), .sourceNotAllowed)
        }
        for sender in ["::", "::1", "ff02::1", "ff0e::2"] {
            expectSilence(Packets.echo(from: sender, to: "fd00::1"), .sourceNotAllowed)
            expectSilence(Packets.udp(from: sender, to: "fd00::3", "x"), .sourceNotAllowed)
        }
        #expect(hub.clients[1].received.isEmpty)
        for sender in ["8.8.8.8", "223.255.255.255", "240.0.0.1"] {
            #expect(hub.forward(Packets.udp(from: sender, to: "10.0.0.3", "x")).count == 1)
        }
    }

    @Test("no ICMP error is sent about a packet whose IPv4 header is damaged")
    func errorAboutDamagedHeader() {
        var packet = Packets.udp(from: "10.0.0.2", to: "10.0.0.99", "x")
        packet[1] ^= 0x04
        expectSilence(packet, .noRoute)
    }

    @Test(
        "no ICMP error is sent about a broadcast of the gateway's network, unless a peer has its address"
    )
    func ownBroadcast() throws {
        for destination in ["10.0.0.255", "10.0.0.0"] {
            expectSilence(Packets.udp(from: "10.0.0.2", to: destination, "x"), .noRoute)
        }
        try hub.gateway.add(
            try Hub(clients: 1, seed: 9).clients[0].publicKey,
            allowed: ["10.0.0.255/32"],
            at: hub.simulation.moment
        )
        #expect(hub.answers(to: Packets.udp(from: "10.0.0.2", to: "10.0.0.255", "x")).count == 1)
    }

    @Test("an ICMP error is sent about the first fragment of a packet, and none about the others")
    func errorAboutFragment() {
        var fragment = Packets.udp(from: "10.0.0.2", to: "10.0.0.99", "x")
        fragment.replaceSubrange(6...7, with: [0x20, 0])
        #expect(hub.answers(to: Packets.setHeaderChecksum(of: fragment)).count == 1)
        fragment.replaceSubrange(6...7, with: [0x20, 1])
        expectSilence(Packets.setHeaderChecksum(of: fragment), .noRoute)
    }

    @Test("no error is sent about an ICMPv6 error or redirect behind any extension headers")
    func errorBehindExtensions() {
        let hopByHop: [UInt8] = [58, 0, 1, 4, 0, 0, 0, 0]
        let atomicFragment: [UInt8] = [58, 0, 0, 0, 0, 0, 0, 7]
        let laterFragment: [UInt8] = [58, 0, 0, 9, 0, 0, 0, 7]
        for type in [UInt8(1), 2, 3, 4, 137] {
            let message = [type] + [UInt8](repeating: 0, count: 40)
            for (first, header) in [(UInt8(0), hopByHop), (60, hopByHop), (44, atomicFragment)] {
                expectSilence(
                    Packets.ip(from: "fd00::2", to: "fd00::99", proto: first, header + message),
                    .noRoute
                )
            }
        }
        let echo = [UInt8(128)] + [UInt8](repeating: 0, count: 40)
        for (first, header) in [(UInt8(0), hopByHop), (44, atomicFragment)] {
            let packet = Packets.ip(
                from: "fd00::2",
                to: "fd00::99",
                proto: first,
                header + echo
            )
            #expect(hub.answers(to: packet).count == 1)
        }
        // Of an ICMPv6 message whose type is elsewhere nothing is known.
        expectSilence(
            Packets.ip(from: "fd00::2", to: "fd00::99", proto: 44, laterFragment + echo),
            .noRoute
        )
    }

    @Test("no ICMP error is sent about a packet whose extension headers have no end")
    func endlessExtensions() {
        let link: [UInt8] = [60, 0, 1, 4, 0, 0, 0, 0]
        let packet = { (count: Int, last: [UInt8]) in
            Packets.ip(
                from: "fd00::2",
                to: "fd00::99",
                proto: 60,
                [[UInt8]](repeating: link, count: count).flatMap { $0 } + last
            )
        }
        expectSilence(packet(100, []), .noRoute)
        expectSilence(packet(1, []), .noRoute)
        expectSilence(packet(0, [17, 200, 0, 0, 0, 0, 0, 0]), .noRoute)
        #expect(hub.answers(to: packet(7, [17, 0, 1, 4, 0, 0, 0, 0])).count == 1)
    }
}
