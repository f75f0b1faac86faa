import Testing

@testable import LoadGenerator

@Suite("What ends a run")
struct SinkRefusalTests {
    @Test("a received packet with any byte of its ciphertext or counter changed ends the bench run")
    func tampered() throws {
        for offset in Array(8..<16) + Array(stride(from: 16, to: 240, by: 7)) + [239] {
            let hub = HubSide()
            var message = hub.forwarded(0)
            message[offset % message.count] ^= 0x10
            let problem = #expect(throws: LoadError.self) { try hub.deliver(message) }
            #expect(problem?.description.contains("does not open") == true, "byte \(offset)")
        }
    }

    @Test("a forged keepalive ends the bench run")
    func forgedKeepalive() throws {
        let hub = HubSide()
        var message = hub.keepalive(to: 1)
        message[20] ^= 1
        expect("a packet for peer 1 is forged or damaged", hub, message)
    }

    @Test("a received packet of an unknown session ends the bench run")
    func unknownSession() throws {
        let hub = HubSide()
        var message = hub.forwarded(0)
        message[4] ^= 0x80
        expect("for a session that no peer has", hub, message)
    }

    @Test("a received packet that the hub gave to another peer ends the bench run")
    func misdirected() throws {
        let hub = HubSide()
        expect("its headers are not those of its stream", hub, hub.forwarded(0, to: 3))
        expect("a packet arrived that was not sent", hub, hub.forwarded(0, to: 0))
        let both = HubSide(bothWays: true)
        expect("its headers are not those of its stream", both, both.forwarded(0, to: 0))
    }

    @Test("a received packet with another content ends the bench run, although it opens")
    func changed() throws {
        let hub = HubSide()
        let last = hub.probe.size - 1
        expect("its content is not what was sent", hub, hub.forwarded(0) { $0[last] ^= 1 })
        expect("it is from another stream", hub, hub.forwarded(1) { $0[31] = 1 })
        expect("its hop limit is 64", hub, hub.forwarded(2) { $0[8] += 1 })
        expect("its hop limit is 62", hub, hub.forwarded(3) { ProbePacket.route($0) })
        expect("its padding is not zero", hub, hub.forwarded(4) { $0[last + 1] = 1 })
    }

    @Test("a received packet that was never sent ends the bench run")
    func neverSent() throws {
        let hub = HubSide(sent: 5)
        try hub.deliver(hub.forwarded(4))
        expect("never sent", hub, hub.forwarded(5))
    }

    @Test("an ICMP error about the MTU that the sender receives ends the bench run with its reason")
    func packetTooBig() throws {
        let hub = HubSide()
        let message = hub.forwarded(0, to: 0) { packet in
            (packet[9], packet[20], packet[21]) = (1, 3, 4)
        }
        expect("exceed its MTU", hub, message)
    }

    private func expect(
        _ complaint: String,
        _ hub: HubSide,
        _ message: [UInt8],
        at place: SourceLocation = #_sourceLocation
    ) {
        let problem = #expect(throws: LoadError.self, sourceLocation: place) {
            try hub.deliver(message)
        }
        let sentence = problem?.description ?? ""
        #expect(sentence.contains(complaint), "\(sentence)", sourceLocation: place)
    }
}
