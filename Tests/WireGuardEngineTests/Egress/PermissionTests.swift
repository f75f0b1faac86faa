import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite("A permission by protocol and ports holds in both directions and for every packet of a run")
struct PermissionTests {
    private let host = "203.0.113.9"
    private let web = "203.0.113.80"

    private func open() throws -> EgressHub {
        try EgressHub(services: [
            EgressPermission("203.0.113.9", 17, 5060...5061), EgressPermission("203.0.113.80", 6),
            EgressPermission("203.0.113.80", 17, 443...443),
        ])
    }

    private func sip(
        _ source: String = "10.0.0.2",
        to destination: String = "203.0.113.9",
        port: UInt16 = 5060,
        _ text: String = "x"
    ) -> [UInt8] {
        Packets.udp(from: source, port: 40_000, to: destination, port: port, text)
    }

    @Test("a packet leaves when the far end's port is permitted, whatever its own is")
    func byPort() throws {
        let egress = try open()
        #expect(egress.leaving(sip()).count == 1)
        #expect(egress.leaving(sip(port: 5061)).count == 1)
        #expect(egress.leaving(sip(port: 5062)).isEmpty)
        let reversed = Packets.udp(from: "10.0.0.2", port: 5060, to: host, port: 40_000)
        #expect(egress.leaving(reversed).isEmpty)
        #expect(egress.leaving(Packets.tcp(from: "10.0.0.2", to: host, flags: 2)).isEmpty)
        #expect(egress.leaving(Packets.echo(from: "10.0.0.2", to: host)).isEmpty)
        #expect(egress.drops(.egressNotAllowed) == 4)
    }

    @Test("several permissions for one prefix add up")
    func addUp() throws {
        let egress = try open()
        #expect(egress.leaving(Packets.tcp(from: "10.0.0.2", to: web, flags: 2)).count == 1)
        #expect(egress.leaving(sip(to: web, port: 443)).count == 1)
        #expect(egress.leaving(sip(to: web, port: 444)).isEmpty)
    }

    @Test("a packet comes in when its own port is permitted")
    func back() throws {
        let egress = try open()
        let answer = Packets.udp(from: host, port: 5060, to: "100.64.7.2", port: 40_000)
        #expect(egress.entering(answer).count == 1)
        let other = Packets.udp(from: host, port: 40_000, to: "100.64.7.2", port: 5060)
        #expect(egress.entering(other).isEmpty)
        #expect(egress.drops(.unsolicited) == 1)
    }

    @Test("in a run the verdict on one port is not that on another")
    func mixedRun() throws {
        let egress = try open()
        let ports: [UInt16] = [5060, 5062, 5060, 5061, 443, 5060]
        let client = egress.hub.clients[0]
        let messages = try ports.enumerated().map { index, port in
            try client.seal(sip(port: port, "\(index)"), for: PeerHandle(slot: 0, generation: 1))
        }
        _ = egress.gateway.receive(
            messages.flatMap { $0 },
            from: client.endpoint,
            segmentSize: messages[0].count,
            at: egress.moment
        )
        #expect(egress.gateway.emitted.map { Packets.payload($0.bytes) } == ["0", "2", "3", "5"])
        #expect(egress.drops(.egressNotAllowed) == 2)

        let back = ports.enumerated().map { index, port in
            Packets.udp(from: host, port: port, to: "100.64.7.2", port: 40_000, "\(index)")
        }
        egress.hub.simulation.transmit(egress.gateway.inject(back, at: egress.moment))
        egress.hub.simulation.settle()
        #expect(client.received.map(Packets.payload) == ["0", "2", "3", "5"])
    }

    @Test("later pieces of a packet pass by address and protocol, and the first by its ports")
    func fragments() throws {
        let egress = try open()
        let first = Packets.fragment(sip(), offset: 0, isLast: false)
        let wrong = Packets.fragment(sip(port: 5062), offset: 0, isLast: false)
        let later = Packets.fragment(sip(port: 9), offset: 1400, isLast: true)
        #expect(egress.leaving(first).count == 1)
        #expect(egress.leaving(wrong).isEmpty)
        #expect(egress.leaving(later).count == 1)
        let foreign = Packets.fragment(sip(to: "203.0.113.10"), offset: 1400, isLast: true)
        #expect(egress.leaving(foreign).isEmpty)
        let segment = Packets.tcp(from: "10.0.0.2", to: host, flags: 0x10)
        #expect(egress.leaving(Packets.fragment(segment, offset: 1400, isLast: true)).isEmpty)
        // Too short for its ports.
        let tiny = Packets.ip(from: "10.0.0.2", to: host, proto: 17, [0x9c, 0x40])
        #expect(egress.leaving(Packets.fragment(tiny, offset: 0, isLast: false)).isEmpty)

        let back = Packets.udp(from: host, port: 9, to: "100.64.7.2", port: 9)
        #expect(egress.entering(Packets.fragment(back, offset: 1400, isLast: true)).count == 1)
        #expect(egress.entering(Packets.fragment(back, offset: 0, isLast: false)).isEmpty)
    }

    @Test("an ICMP error of any router comes in when it is about what a peer may send")
    func errorsComeIn() throws {
        let egress = try open()
        let sent = Packets.udp(from: "100.64.7.2", port: 40_000, to: host, port: 5060)
        func error(
            about quoted: [UInt8],
            from source: String = "198.51.100.7",
            to destination: String = "100.64.7.2",
            type: UInt8 = 11
        ) -> [UInt8] {
            Packets.icmpError(
                from: source,
                to: destination,
                type: type,
                code: type == 3 ? 4 : 0,
                word: type == 3 ? 1300 : 0,
                quoting: quoted
            )
        }
        for source in ["198.51.100.7", "192.168.1.1", host] {
            let received = egress.entering(error(about: sent, from: source))
            let reply = try ICMPReply(try #require(received.first))
            #expect(reply.destination == IPAddress("10.0.0.2"))
            // As the peer has sent it.
            #expect(Packets.sourceOf(reply.body) == "10.0.0.2")
            #expect(Packets.checksum(Array(reply.body[..<20])) == 0)
        }
        // A client drops what comes from an address that its config does not have, and must learn of this.
        for (source, named) in [
            ("198.51.100.7", "10.0.0.1"), ("192.168.1.1", "10.0.0.1"), (host, host),
        ] {
            let packet = error(about: sent, from: source, type: 3)
            let received = try #require(egress.entering(packet).first)
            let tooBig = try ICMPReply(received)
            #expect(tooBig.word == 1300 && tooBig.source == IPAddress(named))
            #expect(Packets.checksum(Array(received[..<20])) == 0)
        }

        // Of one run, each is judged by what it quotes.
        let other = Packets.udp(from: "100.64.7.2", port: 40_000, to: host, port: 5062)
        let run = egress.entering(error(about: sent), error(about: other), error(about: sent))
        #expect(run.count == 2)

        let unsolicited = [
            error(about: Packets.udp(from: "100.64.7.2", port: 40_000, to: host, port: 5062)),
            error(about: Packets.udp(from: "100.64.7.3", port: 40_000, to: host, port: 5060)),
            error(about: Packets.udp(from: "100.64.7.2", port: 1, to: "198.51.100.7", port: 5060)),
            error(about: Packets.udp(from: "100.64.7.2", port: 1, to: "10.0.0.3", port: 5060)),
            error(about: Array(sent.prefix(19))), error(about: []),
            // A question, whatever it carries.
            error(about: sent, type: 8),
        ]
        for (index, packet) in unsolicited.enumerated() {
            let counted = egress.counted(.unsolicited) {
                #expect(egress.entering(packet).isEmpty, "\(index)")
            }
            #expect(counted == 1, "\(index)")
        }
        let spoofed = egress.counted(.spoofedSource) {
            #expect(egress.entering(error(about: sent, from: "10.0.0.3")).isEmpty)
        }
        #expect(spoofed == 1)
    }

    @Test("a peer's ICMP error leaves when it is about what a service has sent to that peer")
    func errorsLeave() throws {
        let egress = try open()
        func error(about quoted: [UInt8]) -> [UInt8] {
            Packets.icmpError(from: "10.0.0.2", to: host, type: 3, code: 3, quoting: quoted)
        }
        let came = Packets.udp(from: host, port: 5060, to: "10.0.0.2", port: 40_000)
        let left = try ICMPReply(try #require(egress.leaving(error(about: came)).first))
        #expect(left.source == IPAddress("100.64.7.2"))
        #expect(Packets.destinationOf(left.body) == "100.64.7.2")
        let others = [
            Packets.udp(from: host, port: 5062, to: "10.0.0.2", port: 40_000),
            Packets.udp(from: host, port: 5060, to: "10.0.0.3", port: 40_000),
            Packets.udp(from: web, port: 5060, to: "10.0.0.2", port: 40_000),
        ]
        for other in others { #expect(egress.leaving(error(about: other)).isEmpty) }
        #expect(egress.drops(.egressNotAllowed) == 3)
    }

    @Test("no ICMP error about another peer's flow passes, whatever the permissions say")
    func errorsAboutOthers() throws {
        let egress = try EgressHub(services: [EgressPermission("203.0.113.0/24")])
        func leaving(_ peer: String) -> [[UInt8]] {
            let came = Packets.udp(from: host, port: 5060, to: peer, port: 40_000)
            return egress.leaving(
                Packets.icmpError(from: "10.0.0.2", to: host, type: 3, code: 3, quoting: came)
            )
        }
        func entering(_ peer: String) -> [[UInt8]] {
            let sent = Packets.udp(from: peer, port: 40_000, to: host, port: 5060)
            return egress.entering(
                Packets.icmpError(from: host, to: "100.64.7.2", type: 3, code: 3, quoting: sent)
            )
        }
        #expect(leaving("10.0.0.2").count == 1)
        #expect(entering("100.64.7.2").count == 1)
        #expect(leaving("10.0.0.3").isEmpty)
        #expect(entering("100.64.7.3").isEmpty)
        #expect(egress.drops(.egressNotAllowed) == 1 && egress.drops(.unsolicited) == 1)
        // Of a quotation that ends within its own header the flow is not known.
        var cut = Packets.udp(from: host, port: 5060, to: "10.0.0.2", port: 40_000)
        cut[0] = 0x4f
        let error = Packets.icmpError(from: "10.0.0.2", to: host, type: 3, code: 3, quoting: cut)
        #expect(egress.leaving(error).isEmpty)
        #expect(egress.drops(.egressNotAllowed) == 2)
    }

    @Test("where no permission looks at ports, one verdict serves a run of all ports")
    func addressesAlone() throws {
        let egress = try EgressHub(services: [EgressPermission("203.0.113.0/24")])
        let view = egress.gateway.engine.views[0].current
        #expect(!view.looksAtPorts)
        for port: UInt16 in [1, 5060, 65_535] {
            #expect(egress.leaving(sip(port: port)).count == 1)
        }
        #expect(egress.leaving(Packets.echo(from: "10.0.0.2", to: host)).count == 1)
    }
}
