import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

/// A hub whose packets are carried by an engine that is not the gateway's owner.
@Suite("A gateway that several workers carry")
struct SharedGatewayTests {
    private let hub: Hub
    private let carrier: SimulatedNode.Carrier

    init() throws {
        hub = try Hub(workers: 2)
        carrier = hub.gateway.carriers[0]
    }

    @Test("any worker that carries a gateway forwards, and all count for the same peers")
    func forwarding() throws {
        hub.connect()
        let before = try reports()
        for number in 0..<10 {
            let sent = sendToHub("\(number)", by: number % 2 == 0 ? carrier : nil)
            #expect(sent.map(\.to) == [hub.clients[1].endpoint])
            hub.simulation.transmit(sent)
        }
        hub.simulation.settle()
        #expect(hub.clients[1].received.map(Packets.payload) == (0..<10).map(String.init))
        let after = try reports()
        #expect(after[0].receivedPackets - before[0].receivedPackets == 10)
        #expect(after[1].sentPackets - before[1].sentPackets == 10)
        #expect(hub.gateway.drops.total == 0)
    }

    @Test("a packet that one worker has seen is a replay for the others")
    func replay() {
        hub.connect()
        let datagrams = packetOfFirstClient("once")
        #expect(receive(datagrams, by: carrier).count == 1)
        #expect(receive(datagrams, by: nil).isEmpty)
        #expect(hub.gateway.drops(.replayed) == 1)
    }

    @Test("a worker that does not own a gateway passes its handshakes to the owner")
    func handshake() throws {
        let initiation = hub.clients[0].send(
            Packets.echo(from: "10.0.0.2", to: "10.0.0.1"),
            at: hub.simulation.moment
        )
        #expect(initiation.map(\.kind) == [.initiation])
        let response = receive(initiation, by: carrier)
        #expect(response.map(\.kind) == [.response])
        hub.simulation.transmit(response)
        hub.simulation.settle()
        #expect(hub.clients[0].received.count == 1, "the echo came back")
    }

    @Test("the bytes of handshakes that a batch passes to a gateway's owner are bounded")
    func handshakeFlood() {
        var junk = [UInt8](repeating: 0, count: 148 * 1000)
        for message in 0..<1000 { junk[148 * message] = 1 }
        junk.withUnsafeMutableBytes { bytes in
            carrier.engine.receive(
                DatagramRun(
                    gateway: hub.gateway.gateway,
                    addressPair: AddressPair(remote: hub.clients[0].endpoint),
                    bytes: bytes,
                    segmentSize: 148
                ),
                in: &hub.gateway[turnAt: hub.simulation.moment]
            )
        }
        let notices = carrier.engine.drainNotices()
        #expect(notices.count == (1 << 16) / 148)
        #expect(hub.gateway.drops(.handshakeRateLimited) == UInt64(1000 - notices.count))
        let hasMore = carrier.engine.hasNotices
        #expect(!hasMore)
    }

    @Test(
        "after a new session's first packet came to another worker, a gateway's owner sends with its keys"
    )
    func confirmation() throws {
        let initiation = hub.clients[0].send(
            Packets.udp(from: "10.0.0.2", to: "10.0.0.1", "x"),
            at: hub.simulation.moment
        )
        let response = receive(initiation, by: nil)
        let record = try hub.gateway.record(hub.handles[0])
        #expect(record.pointee.currentSession == nil)
        let data = hub.clients[0].receive(
            try #require(response.first).bytes,
            from: hub.gateway.endpoint,
            at: hub.simulation.moment
        )
        _ = receive(data, by: carrier)
        #expect(record.pointee.currentSession != nil)
        #expect(hub.gateway.report(hub.handles[0])?.latestHandshake != nil)
    }

    @Test("a worker tells a gateway's owner once that a session is used, and not with every packet")
    func confirmsOnce() throws {
        let packet = Packets.udp(from: "10.0.0.2", to: "10.0.0.1", "x")
        let moment = hub.simulation.moment
        let response = receive(hub.clients[0].send(packet, at: moment), by: nil)
        let first = hub.clients[0].receive(
            try #require(response.first).bytes,
            from: hub.gateway.endpoint,
            at: moment
        )
        var confirmations = 0
        for datagram in first + hub.clients[0].send(packet, at: moment) {
            var bytes = datagram.bytes
            bytes.withUnsafeMutableBytes { bytes in
                carrier.engine.receive(
                    DatagramRun(
                        gateway: hub.gateway.gateway,
                        addressPair: AddressPair(remote: hub.clients[0].endpoint),
                        bytes: bytes,
                        segmentSize: bytes.count
                    ),
                    in: &hub.gateway[turnAt: moment]
                )
            }
            for notice in carrier.engine.drainNotices() {
                if case .confirmed = notice.kind { confirmations += 1 }
            }
        }
        #expect(confirmations == 1)
    }

    @Test(
        "a packet to a peer without a session waits at the gateway's owner, whichever worker had it"
    )
    func staging() throws {
        hub.connect()
        hub.gateway.engine.eraseKeys(of: try hub.gateway.record(hub.handles[1]))
        let sent = sendToHub("waits", by: carrier)
        #expect(sent.map(\.kind) == [.initiation])
        let staged = hub.gateway.engine.staging.packets
        #expect(staged == 1)
        hub.simulation.transmit(sent)
        hub.simulation.settle()
        #expect(hub.clients[1].received.map(Packets.payload) == ["waits"])
    }

    @Test("the keepalive after a packet that another worker opened comes from the owner's timer")
    func timers() throws {
        hub.connect()
        hub.simulation.run(for: .seconds(30))
        let received = hub.clients[0].received.count
        hub.simulation.forgetLog()
        _ = receive(packetOfFirstClient("data"), by: carrier)
        hub.simulation.run(for: .seconds(11))
        let keepalives = hub.simulation.log.filter {
            $0.datagram.isKeepalive && $0.datagram.to == hub.clients[0].endpoint
        }
        #expect(keepalives.count == 1)
        #expect(hub.clients[0].received.count == received)
    }

    @Test("a new forwarding table is seen by all workers of a gateway, and a removed peer by none")
    func tables() throws {
        hub.connect()
        hub.gateway.engine.publish(
            NetworkView(routes: [
                (try IPPrefix("10.0.0.2/32"), .peer(hub.handles[0])),
                (try IPPrefix("10.0.0.9/32"), .peer(hub.handles[1])),
            ]),
            to: [hub.gateway.gateway]
        )
        #expect(sendToHub("nowhere", by: carrier).map(\.to) == [hub.clients[0].endpoint])
        #expect(hub.gateway.drops(.noRoute) == 1)
        hub.gateway.engine.removePeer(hub.handles[0])
        #expect(sendToHub("from nobody", by: carrier).isEmpty)
        #expect(hub.gateway.drops(.unknownReceiver) == 1)
    }

    @Test("a removed peer's memory is kept until the worker that may read it is unpinned")
    func reclamation() throws {
        hub.connect()
        carrier.engine.pin()
        let record = try hub.gateway.record(hub.handles[0])
        hub.gateway.engine.removePeer(hub.handles[0])
        hub.gateway.engine.reclaim()
        let waits = !hub.gateway.engine.retired.isEmpty
        #expect(waits)
        #expect(record.pointee.handle == hub.handles[0], "still readable")
        carrier.engine.unpin()
        hub.gateway.engine.reclaim()
        let isFreed = hub.gateway.engine.retired.isEmpty
        #expect(isFreed)
    }

    @Test("a worker that has let go of a gateway carries none of its packets")
    func lettingGo() {
        hub.connect()
        carrier.engine.stopCarrying(hub.gateway.gateway)
        #expect(sendToHub("x", by: carrier).isEmpty)
        #expect(sendToHub("y", by: nil).count == 1)
    }

    @Test("what each worker of a gateway counted is reported once")
    func reporting() {
        hub.connect()
        hub.gateway.engine.collectReports { _ in }
        carrier.engine.collectReports { _ in }
        _ = sendToHub("x", by: carrier)
        _ = sendToHub("y", by: nil)
        var reported: [PeerHandle] = []
        carrier.engine.collectReports { reported.append($0.peer) }
        hub.gateway.engine.collectReports { reported.append($0.peer) }
        #expect(reported == hub.handles)
    }

    // MARK: Sending

    private func reports() throws -> [ActivityReport] {
        try hub.handles.map { try #require(hub.gateway.report($0)) }
    }

    private func packetOfFirstClient(_ text: String) -> [Datagram] {
        hub.clients[0].send(
            Packets.udp(from: "10.0.0.2", to: "10.0.0.3", text),
            at: hub.simulation.moment
        )
    }

    /// From the first client to the second; gives what the hub sends then.
    private func sendToHub(_ text: String, by carrier: SimulatedNode.Carrier?) -> [Datagram] {
        receive(packetOfFirstClient(text), by: carrier)
    }

    private func receive(
        _ datagrams: [Datagram],
        by carrier: SimulatedNode.Carrier?
    ) -> [Datagram] {
        datagrams.flatMap { datagram in
            var bytes = datagram.bytes
            return bytes.withUnsafeMutableBytes { buffer in
                let run = DatagramRun(
                    gateway: hub.gateway.gateway,
                    addressPair: AddressPair(remote: datagram.from),
                    bytes: buffer,
                    segmentSize: buffer.count
                )
                guard let carrier else {
                    hub.gateway.engine.receive(
                        run,
                        in: &hub.gateway[turnAt: hub.simulation.moment]
                    )
                    return hub.gateway.flush()
                }
                return hub.gateway.receive(run, by: carrier, at: hub.simulation.moment)
            }
        }
    }
}
