import NetAddress
import Testing
import TunnelTestSupport
import WireGuardCrypto

@testable import WireGuardEngine

@Suite("The limit of connected peers")
struct ConnectionLimitTests {
    private let hub: Hub

    private var gateway: SimulatedNode { hub.gateway }
    private var moment: Moment { hub.simulation.moment }
    private var connected: Int { gateway.account.connectedPeers }

    init() throws {
        hub = try Hub(clients: 3, workers: 3)
    }

    private func limit(to count: Int?) {
        gateway.account.limit(to: SharedLimits(connectedPeers: count))
    }

    /// Whether the gateway answers a client.
    private func reaches(_ index: Int) -> Bool {
        let echo = Packets.echo(from: "10.0.0.\(index + 2)", to: "10.0.0.1")
        return hub.answers(to: echo, from: index).count >= 1
    }

    private func install(_ handle: PeerHandle, _ key: PublicKey) {
        gateway.engine.installPeer(
            handle,
            on: gateway.gateway,
            PeerConfiguration(publicKey: key),
            at: moment
        )
    }

    @Test("one peer more than may be connected is refused, and its diagnosis says why")
    func refusal() throws {
        limit(to: 2)
        #expect(reaches(0) && reaches(1))
        #expect(!reaches(2))
        #expect(connected == 2)
        #expect(gateway.drops(.connectedPeersExceeded) == 1)
        let notes = gateway.engine.trouble(of: hub.handles[2])?.dropNotes
        #expect(notes?.map(\.reason) == [.connectedPeersExceeded])
        #expect(reaches(0) && reaches(1), "the others go on")
        limit(to: 3)
        hub.simulation.run(for: .seconds(6))
        #expect(connected == 3, "it calls again, and is let in")
    }

    @Test("a peer that falls silent gives its room back when its session can be used no longer")
    func silence() throws {
        limit(to: 1)
        #expect(reaches(0))
        hub.simulation.run(for: .seconds(179))
        #expect(connected == 1 && !reaches(1))
        hub.simulation.run(for: .seconds(2))
        #expect(connected == 0)
        hub.simulation.run(for: .seconds(6))
        #expect(connected == 1 && reaches(1))
        #expect(!reaches(0))
    }

    @Test("a connected peer renews its sessions, also where fewer may be connected by now")
    func renewal() throws {
        #expect(reaches(0) && reaches(1) && reaches(2))
        limit(to: 1)
        for _ in 0..<100 {
            #expect(reaches(0) && reaches(1))
            hub.simulation.run(for: .seconds(9))
        }
        #expect(connected == 2)
        #expect(gateway.drops(.connectedPeersExceeded) == 0)
        #expect(!reaches(2))
    }

    @Test("a peer that is removed gives its room back, and so does one whose key changes")
    func removal() throws {
        limit(to: 1)
        #expect(reaches(0))
        gateway.engine.removePeer(hub.handles[0])
        #expect(connected == 0)
        #expect(reaches(1))
        gateway.engine.removePeer(hub.handles[1])
        let next = PeerHandle(slot: hub.handles[1].slot, generation: 2)
        install(next, PublicKey.random())
        #expect(connected == 0)
        #expect(reaches(2))
        gateway.engine.removeGateway(gateway.gateway)
        #expect(connected == 0)
    }

    @Test("an initiation that nobody confirms takes no room")
    func unconfirmed() throws {
        limit(to: 1)
        let echo = Packets.echo(from: "10.0.0.2", to: "10.0.0.1")
        let initiations = hub.clients[0].send(echo, at: moment)
        for initiation in initiations {
            let answers = gateway.receive(initiation.bytes, from: initiation.from, at: moment)
            #expect(answers.count == 1)
        }
        #expect(connected == 0)
        #expect(reaches(1))
        #expect(connected == 1)
    }

    @Test("of peers that call at once as many get connected as may be")
    func atOnce() throws {
        limit(to: 2)
        for (index, client) in hub.clients.enumerated() {
            let echo = Packets.echo(from: "10.0.0.\(index + 2)", to: "10.0.0.1")
            hub.simulation.send(echo, from: client)
        }
        hub.simulation.settle()
        #expect(connected == 2)
        #expect(gateway.drops(.connectedPeersExceeded) > 0)
        for _ in 0..<20 {
            for index in hub.clients.indices { _ = reaches(index) }
            hub.simulation.run(for: .seconds(9))
            #expect(connected == 2)
        }
    }

    @Test("peers that the gateway calls count, too, and what waits for one without room is dropped")
    func calls() throws {
        limit(to: 1)
        for (handle, client) in zip(hub.handles, hub.clients) {
            gateway.engine.relocatePeer(handle, to: client.endpoint, at: moment)
        }
        for handle in hub.handles {
            gateway.engine.initiateHandshake(with: handle, in: &gateway[turnAt: moment])
            hub.simulation.transmit(gateway.flush())
        }
        hub.simulation.settle()
        #expect(connected == 1)
        #expect(gateway.drops(.connectedPeersExceeded) == 2)
        hub.simulation.run(for: .seconds(10))
        hub.simulation.forgetLog()
        let packet = Packets.udp(from: "10.0.0.2", to: "10.0.0.4", "x")
        hub.simulation.send(packet, from: hub.clients[0])
        hub.simulation.settle()
        #expect(gateway.drops(.connectedPeersExceeded) == 3)
        #expect(!hub.simulation.log.contains { $0.datagram.kind == .initiation })
    }

    @Test("gateways of one organization have its room together")
    func organization() throws {
        let pair = try OrganizationPair()
        pair.organization.limit(to: SharedLimits(connectedPeers: 1))
        #expect(pair.offer(1, at: 0) == 1)
        #expect(pair.offer(1, at: 1) == 0)
        #expect(pair.drops(.connectedPeersExceeded) == [0, 1])
        #expect(pair.accounts.map(\.connectedPeers) == [1, 0])
        #expect(pair.organization.connectedPeers == 1)
        pair.simulation.run(for: .seconds(181))
        #expect(pair.organization.connectedPeers == 0)
        #expect(pair.offer(1, at: 1) >= 1)
        #expect(pair.accounts.map(\.connectedPeers) == [0, 1])
    }
}
