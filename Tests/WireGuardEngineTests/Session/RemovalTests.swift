import NetAddress
import Testing
import TunnelTestSupport
import WireGuardCrypto

@testable import WireGuardEngine

@Suite("Removing peers and gateways, and handles that outlive them")
struct RemovalTests {
    @Test("a removed peer's packets and handshakes are refused at once")
    func removedPeer() throws {
        let hub = try Hub()
        hub.connect()
        hub.gateway.engine.removePeer(hub.handles[0])
        hub.simulation.send(
            Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "no"),
            from: hub.clients[0]
        )
        hub.simulation.run(for: .seconds(40))
        #expect(hub.clients[1].received.isEmpty)
        #expect(hub.gateway.drops(.unknownReceiver) >= 1)
        #expect(hub.gateway.drops(.unknownPeer) >= 1)
        #expect(hub.gateway.report(hub.handles[0]) == nil)
    }

    @Test("packets to a removed peer have no route, and packets to the others are forwarded")
    func towardsRemovedPeer() throws {
        let hub = try Hub(clients: 3)
        hub.connect()
        hub.gateway.engine.removePeer(hub.handles[1])
        hub.simulation.send(
            Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "no"),
            from: hub.clients[0]
        )
        hub.simulation.send(
            Packets.udp(from: "10.0.0.2", to: "10.0.0.4", "yes"),
            from: hub.clients[0]
        )
        hub.simulation.settle()
        #expect(hub.gateway.drops(.noRoute) == 1)
        #expect(hub.clients[2].received.map(Packets.payload) == ["yes"])
    }

    @Test("a peer can be removed in the middle of a handshake, in either role")
    func duringHandshake() throws {
        let pair = try Pair()
        let initiation = pair.a.send(Pair.fromA("x"), at: pair.simulation.moment)
        let response = pair.b.receive(
            initiation[0].bytes,
            from: pair.a.endpoint,
            at: pair.simulation.moment
        )
        pair.a.engine.removePeer(pair.toB)
        pair.b.engine.removePeer(pair.toA)
        let answer = pair.a.receive(
            response[0].bytes,
            from: pair.b.endpoint,
            at: pair.simulation.moment
        )
        #expect(answer.isEmpty)
        #expect(pair.a.drops(.unexpectedHandshake) == 1)
        pair.simulation.run(for: .seconds(600))
        #expect(pair.a.nextDeadline == nil && pair.b.nextDeadline == nil)
    }

    @Test("a peer in a slot that is used again is not found by the old handle")
    func staleHandle() throws {
        let pair = try Pair()
        pair.connect()
        let old = pair.toB
        pair.a.engine.removePeer(old)
        let new = PeerHandle(slot: old.slot, generation: 2)
        pair.a.engine.installPeer(
            new,
            on: pair.a.gateway,
            PeerConfiguration(publicKey: pair.b.publicKey, endpoint: pair.b.endpoint),
            at: pair.simulation.moment
        )
        #expect(pair.a.report(old) == nil)
        #expect(pair.a.report(new) != nil)
        pair.a.engine.removePeer(old)
        #expect(pair.a.report(new) != nil)
        pair.a.engine.initiateHandshake(
            with: old,
            in: &pair.a[turnAt: pair.simulation.moment]
        )
        #expect(pair.a.flush().isEmpty)
        // Routes still name the old peer, and do not lead to the new one.
        pair.sendFromA()
        #expect(pair.a.drops(.noRoute) == 1)
    }

    @Test("a removed gateway takes its peers and sessions with it")
    func removedGateway() throws {
        let hub = try Hub()
        hub.connect()
        let old = hub.gateway.gateway
        hub.gateway.engine.removeGateway(old)
        hub.simulation.send(
            Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "no"),
            from: hub.clients[0]
        )
        hub.simulation.run(for: .seconds(600))
        #expect(hub.clients[1].received.isEmpty)
        #expect(hub.handles.allSatisfy { hub.gateway.report($0) == nil })
        #expect(hub.gateway.engine.drops(of: old) == nil)
        #expect(hub.gateway.nextDeadline == nil)
    }

    @Test("calls with handles that no peer or gateway has are without effect")
    func unknownHandles() throws {
        let pair = try Pair()
        let moment = pair.simulation.moment
        let nobody = PeerHandle(slot: 5000, generation: 9)
        let nowhere = GatewayHandle(slot: 77, generation: 1)
        pair.a.engine.removePeer(nobody)
        pair.a.engine.removeGateway(nowhere)
        pair.a.engine.removeGateway(GatewayHandle(slot: 0, generation: 2))
        pair.a.engine.publish(NetworkView(), to: [nowhere])
        pair.a.engine.initiateHandshake(with: nobody, in: &pair.a[turnAt: moment])
        pair.a.engine.installPeer(
            nobody,
            on: nowhere,
            PeerConfiguration(publicKey: pair.b.publicKey),
            at: moment
        )
        #expect(pair.a.flush().isEmpty)
        #expect(pair.a.report(nobody) == nil)
        pair.connect()
        pair.sendFromA("fine")
        pair.simulation.settle()
        #expect(pair.textsAtB == ["fine"])
    }

    @Test("a peer whose public key changes starts without a session")
    func changedKey() throws {
        let pair = try Pair()
        pair.connect()
        let other = X25519.publicKey(
            of: X25519.generatePrivateKey { bytes in bytes[5] = 1 }
        )
        pair.b.engine.installPeer(
            pair.toA,
            on: pair.b.gateway,
            PeerConfiguration(publicKey: other),
            at: pair.simulation.moment
        )
        pair.sendFromA("no")
        pair.simulation.settle()
        #expect(pair.b.received.isEmpty)
        #expect(pair.b.report(pair.toA)?.receivedPackets == 0)
    }

    @Test("twelve peers of an engine connect and expire four times, and leave no timer behind")
    func churn() throws {
        let hub = try Hub(clients: 12)
        for round in 0..<4 {
            hub.connect()
            #expect(hub.gateway.drops.total == 0, "round \(round)")
            hub.simulation.run(for: .seconds(600))
        }
        #expect(hub.gateway.nextDeadline == nil)
    }
}
