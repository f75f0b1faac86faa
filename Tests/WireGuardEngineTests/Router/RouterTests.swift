import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

/// Addresses of a hub in one family.
struct Family: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let gateway: String
    let first: String
    let second: String
    let nobody: String

    static let v4 = Family(
        testDescription: "IPv4",
        gateway: "10.0.0.1",
        first: "10.0.0.2",
        second: "10.0.0.3",
        nobody: "10.0.0.99"
    )
    static let v6 = Family(
        testDescription: "IPv6",
        gateway: "fd00::1",
        first: "fd00::2",
        second: "fd00::3",
        nobody: "fd00::99"
    )
    static let both = [v4, v6]

    var isIPv6: Bool { self.gateway.contains(":") }
}

@Suite("The gateway is a routed hop and says so")
struct RouterTests {
    private let hub: Hub

    init() throws {
        hub = try Hub()
        hub.connect()
    }

    private func expectError(
        _ family: Family,
        about packet: [UInt8],
        type: UInt8,
        code: UInt8,
        word: UInt32 = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let answers = hub.answers(to: packet)
        #expect(answers.count == 1, sourceLocation: sourceLocation)
        let answer = try #require(answers.first, sourceLocation: sourceLocation)
        let reply = try ICMPReply(answer, sourceLocation: sourceLocation)
        #expect(reply.source == IPAddress(family.gateway), sourceLocation: sourceLocation)
        #expect(reply.destination == IPAddress(family.first), sourceLocation: sourceLocation)
        #expect(reply.hopLimit == 64, sourceLocation: sourceLocation)
        #expect(reply.type == type && reply.code == code, sourceLocation: sourceLocation)
        #expect(reply.word == word, sourceLocation: sourceLocation)
        // As much as fits into 576 or 1280 bytes, from the packet's first byte on, unchanged.
        let most = family.isIPv6 ? 1280 - 48 : 576 - 28
        #expect(reply.body == Array(packet.prefix(most)), sourceLocation: sourceLocation)
    }

    @Test(
        "forwarding lowers the hop limit by one, and the IPv4 checksum stays right, whatever it was"
    )
    func hopLimit() throws {
        var packet = Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "x")
        for identification in stride(from: UInt16(0), to: 65_000, by: 13) {
            for limit in [UInt8(2), 64, 255] {
                packet[4] = UInt8(identification >> 8)
                packet[5] = UInt8(identification & 0xff)
                packet[8] = limit
                packet.replaceSubrange(10...11, with: [0, 0])
                let sum = Packets.checksum(Array(packet[..<20]))
                packet.replaceSubrange(10...11, with: Packets.bytes(sum))
                packet.withUnsafeMutableBufferPointer { bytes in
                    guard let start = bytes.baseAddress else { return }
                    InnerPacket.decrementHopLimit(start, isIPv6: false)
                }
                guard packet[8] == limit - 1, Packets.checksum(Array(packet[..<20])) == 0 else {
                    Issue.record("identification \(identification), limit \(limit)")
                    return
                }
            }
        }
    }

    @Test("a packet at its last hop is answered with time exceeded", arguments: Family.both)
    func timeExceeded(family: Family) throws {
        for limit in [UInt8(1), 0] {
            try expectError(
                family,
                about: Packets.udp(from: family.first, to: family.second, "x", hopLimit: limit),
                type: family.isIPv6 ? 3 : 11,
                code: 0
            )
        }
        #expect(hub.gateway.drops(.hopLimitExceeded) == 2)
        #expect(hub.clients[1].received.isEmpty)
    }

    @Test(
        "a packet to an address without a route is answered with unreachable",
        arguments: Family.both
    )
    func noRoute(family: Family) throws {
        try expectError(
            family,
            about: Packets.udp(from: family.first, to: family.nobody, "x"),
            type: family.isIPv6 ? 1 : 3,
            code: family.isIPv6 ? 0 : 1
        )
        #expect(hub.gateway.drops(.noRoute) == 1)
    }

    @Test(
        "a packet to a peer without an endpoint is answered with unreachable",
        arguments: Family.both
    )
    func neverHeard(family: Family) throws {
        let silent = try Hub(clients: 1, seed: 9).clients[0].publicKey
        try hub.gateway.add(
            silent,
            allowed: ["\(family.nobody)/\(family.isIPv6 ? 128 : 32)"],
            at: hub.simulation.moment
        )
        try expectError(
            family,
            about: Packets.udp(from: family.first, to: family.nobody, "x"),
            type: family.isIPv6 ? 1 : 3,
            code: family.isIPv6 ? 3 : 1
        )
        #expect(hub.gateway.drops(.noEndpoint) == 1)
    }

    @Test(
        "a packet to a UDP or TCP port of the gateway is answered with port unreachable",
        arguments: Family.both
    )
    func port(family: Family) throws {
        for packet in [
            Packets.tcp(from: family.first, to: family.gateway, flags: 0x02),
            Packets.udp(from: family.first, to: family.gateway, "knock"),
        ] {
            try expectError(
                family,
                about: packet,
                type: family.isIPv6 ? 1 : 3,
                code: family.isIPv6 ? 4 : 3
            )
        }
        #expect(hub.gateway.drops(.notForwarded) == 2)
    }

    @Test("a packet larger than the MTU is answered with packet too big", arguments: Family.both)
    func tooBig(family: Family) throws {
        let header = family.isIPv6 ? 40 : 20
        let payload = [UInt8](repeating: 1, count: 1421 - header)
        try expectError(
            family,
            about: Packets.ip(from: family.first, to: family.second, proto: 17, payload),
            type: family.isIPv6 ? 2 : 3,
            code: family.isIPv6 ? 0 : 4,
            word: 1420
        )
        let fitting = Packets.ip(
            from: family.first,
            to: family.second,
            proto: 17,
            Array(payload.dropLast())
        )
        #expect(hub.answers(to: fitting).isEmpty)
        #expect(hub.clients[1].received.count == 1)
    }

    @Test("a gateway's new MTU and addresses count at once, and its sessions go on")
    func reconfigured() throws {
        hub.gateway.engine.reconfigureGateway(
            hub.gateway.gateway,
            addresses: [try InterfaceAddress("10.0.0.9/24")],
            mtu: 1280
        )
        hub.simulation.forgetLog()
        func packet(_ size: Int) -> [UInt8] {
            let payload = [UInt8](repeating: 1, count: size - 20)
            return Packets.ip(from: "10.0.0.2", to: "10.0.0.3", proto: 17, payload)
        }
        let error = try ICMPReply(try #require(hub.answers(to: packet(1281)).first))
        #expect(error.type == 3 && error.code == 4 && error.word == 1280)
        #expect(error.source == IPAddress("10.0.0.9"))
        #expect(hub.answers(to: packet(1280)).isEmpty)
        #expect(hub.clients[1].received.count == 1)
        // To the gateway, its error, to the gateway and on: no handshake among them.
        #expect(hub.simulation.log.count == 4)
    }

    @Test("an IPv4 packet that may be fragmented is forwarded whatever its size")
    func mayFragment() {
        let text = String(repeating: "x", count: 2000)
        let packet = Packets.udp(from: "10.0.0.2", to: "10.0.0.3", text, mayFragment: true)
        #expect(hub.answers(to: packet).isEmpty)
        #expect(hub.clients[1].received.map(Packets.payload) == [text])
    }

    @Test("the gateway answers echo requests of every size", arguments: Family.both)
    func echo(family: Family) throws {
        for count in [0, 1, 55, 56, 1300] {
            let request = Packets.echo(from: family.first, to: family.gateway, count: count)
            let answers = hub.answers(to: request)
            let reply = try ICMPReply(try #require(answers.first))
            #expect(reply.type == (family.isIPv6 ? 129 : 0))
            #expect(reply.source == IPAddress(family.gateway))
            #expect(reply.destination == IPAddress(family.first))
            #expect(reply.hopLimit == 64)
            #expect(reply.word == 0x1234_0001)
            #expect(reply.body == Array(request.suffix(count)))
        }
        #expect(hub.gateway.drops.total == 0)
    }

    @Test("the pings of a peer that the gateway has answered are counted, and nothing else is")
    func countedEchoes() throws {
        func echoes(_ client: Int) -> UInt32? {
            hub.gateway.report(hub.handles[client])?.answeredEchoes
        }
        let before = try #require(echoes(0))
        for family in Family.both {
            _ = hub.answers(to: Packets.echo(from: family.first, to: family.gateway))
        }
        #expect(echoes(0) == before + 2)
        let other = echoes(1)
        _ = hub.answers(to: Packets.udp(from: "10.0.0.2", to: "10.0.0.1", "to the gateway"))
        _ = hub.answers(to: Packets.echo(from: "10.0.0.2", to: "10.0.0.3"))
        _ = hub.answers(to: Packets.echo(from: "10.0.0.2", to: "10.0.0.99"))
        #expect(echoes(0) == before + 2)
        #expect(echoes(1) == other)
    }

    @Test("an ICMP error is never answered with an ICMP error", arguments: Family.both)
    func noErrorAboutErrors(family: Family) {
        let types: [UInt8] = family.isIPv6 ? [1, 2, 3, 4] : [3, 4, 5, 11, 12]
        for type in types {
            let packet = Packets.ip(
                from: family.first,
                to: family.nobody,
                proto: family.isIPv6 ? 58 : 1,
                [type] + [UInt8](repeating: 0, count: 40)
            )
            #expect(hub.answers(to: packet).isEmpty)
        }
        #expect(Int(hub.gateway.drops(.noRoute)) == types.count)
    }

    @Test("later fragments, multicast and packets without one sender get no ICMP error")
    func noErrorAboutOthers() throws {
        var fragment = Packets.udp(from: "10.0.0.2", to: "10.0.0.99", "x")
        fragment.replaceSubrange(6...7, with: [0, 1])
        #expect(hub.answers(to: Packets.setHeaderChecksum(of: fragment)).isEmpty)
        try hub.allowEverything(atClient: 0)
        for destination in ["224.0.0.1", "239.255.255.250", "255.255.255.255", "127.0.0.1"] {
            let packet = Packets.udp(from: "10.0.0.2", to: destination, "x", hopLimit: 1)
            #expect(hub.answers(to: packet).isEmpty)
        }
        for destination in ["ff02::1", "ff05::2", "::1"] {
            let packet = Packets.udp(from: "fd00::2", to: destination, "x", hopLimit: 1)
            #expect(hub.answers(to: packet).isEmpty)
        }
        #expect(hub.gateway.drops(.noRoute) == 8)
    }

    /// How many ICMP errors a client gets for packets that have no route, all at one moment.
    private func errors(for count: Int, from index: Int) -> Int {
        let (client, moment) = (hub.clients[index], hub.simulation.moment)
        let packet = Packets.udp(from: "10.0.0.\(index + 2)", to: "10.0.0.99", "x")
        return (0..<count).flatMap { _ in client.send(packet, at: moment) }
            .flatMap { hub.gateway.receive($0.bytes, from: $0.from, at: moment) }
            .count
    }

    @Test("ICMP errors to one peer are limited in number, and come again with time")
    func errorLimit() {
        #expect(errors(for: 200, from: 0) == 64)
        #expect(hub.gateway.drops(.noRoute) == 200)
        hub.simulation.jump(to: hub.simulation.now + .milliseconds(20))
        #expect(errors(for: 200, from: 0) == 20)
    }

    @Test("a storm of ICMP errors to one peer takes nothing from another's")
    func errorLimitOfEachPeer() {
        #expect(errors(for: 1000, from: 0) == 64)
        #expect(errors(for: 20, from: 1) == 20)
    }

    @Test("ICMP errors to many peers at once are all sent where a full batch is sent")
    func errorsInOneBatch() throws {
        let hub = try Hub(clients: 12)
        hub.connect()
        let moment = hub.simulation.moment
        var errors = 0
        for (index, client) in hub.clients.enumerated() {
            let packet = Packets.udp(
                from: "fd00::\(index + 2)",
                to: "fd00::99",
                String(repeating: "x", count: 1300)
            )
            for _ in 0..<64 {
                var bytes = try client.seal(packet, for: PeerHandle(slot: 0, generation: 1))
                bytes.withUnsafeMutableBytes { buffer in
                    hub.gateway.engine.receive(
                        DatagramRun(
                            gateway: hub.gateway.gateway,
                            addressPair: AddressPair(remote: client.endpoint),
                            bytes: buffer,
                            segmentSize: buffer.count
                        ),
                        in: &hub.gateway[turnAt: moment]
                    )
                }
                if hub.gateway.turn.outgoing.isFilling { errors += hub.gateway.flush().count }
            }
        }
        errors += hub.gateway.flush().count
        #expect(errors == 12 * 64)
    }

    @Test("a sealed packet is padded to a multiple of 16 without exceeding the MTU")
    func padding() throws {
        for size in [20, 31, 32, 33, 100, 1405, 1408, 1409, 1419, 1420] {
            let packet = Packets.ip(
                from: "10.0.0.2",
                to: "10.0.0.3",
                proto: 17,
                [UInt8](repeating: 1, count: size - 20)
            )
            hub.simulation.forgetLog()
            hub.simulation.send(packet, from: hub.clients[0])
            hub.simulation.settle()
            let padded = min((size + 15) & ~15, 1420)
            let lengths = hub.simulation.log.map { $0.datagram.bytes.count }
            // Once from the client, once from the gateway.
            #expect(lengths == [padded + 32, padded + 32], "\(size)")
        }
        #expect(hub.clients[1].received.count == 10)
    }

    @Test("padding that a packet's sender left out is not added beyond what arrived")
    func unpadded() throws {
        let size = 1001
        let packet = Packets.ip(
            from: "10.0.0.2",
            to: "10.0.0.3",
            proto: 17,
            [UInt8](repeating: 1, count: size - 20)
        )
        let client = hub.clients[0]
        let message = try client.seal(packet, for: PeerHandle(slot: 0, generation: 1))
        #expect(message.count == size + 32)
        let moment = hub.simulation.moment
        let sent = hub.gateway.receive(message, from: client.endpoint, at: moment)
        #expect(sent.map(\.bytes.count) == [size + 32])
    }
}
