import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite("Probes of lanes")
struct ProbeTests {
    @Test("each lane is probed once a second, and the answers give its round-trip time")
    func roundTrip() throws {
        let mesh = try Mesh(regions: 2)
        mesh.simulation.run(for: .milliseconds(20_500))
        let probes = mesh.probes(at: 0, toward: 1)
        #expect(probes.count == Mesh.lanes)
        for probe in probes {
            #expect(probe.sent == 21)
            // The first one found no session.
            #expect(probe.answered == 20)
            #expect(probe.lastRoundTrip == .milliseconds(20))
        }
    }

    @Test("probes that are lost are counted, and those after a cut are answered again")
    func loss() throws {
        let mesh = try Mesh(regions: 2)
        mesh.connect()
        let before = mesh.probes(at: 0, toward: 1)[0]
        mesh.cut(0, 1)
        mesh.simulation.run(for: .seconds(40))
        let cut = mesh.probes(at: 0, toward: 1)[0]
        #expect(cut.sent == before.sent + 40 && cut.answered <= before.answered + 1)
        mesh.heal()
        mesh.simulation.run(for: .seconds(3))
        #expect(mesh.probes(at: 0, toward: 1)[0].answered >= cut.answered + 2)
        #expect(mesh.received(Mesh.packet(0, 1), from: 0)[1].count == 1)
    }

    @Test("a link whose other side has lost its sessions has new ones without traffic")
    func lostSessions() throws {
        let mesh = try Mesh(regions: 2)
        mesh.connect()
        for lane in try #require(mesh.ends[1][0]).lanes {
            let record = try mesh.nodes[1].record(lane.peer)
            mesh.nodes[1].engine.eraseKeys(of: record)
        }
        mesh.simulation.run(for: .seconds(8))
        let before = mesh.probes(at: 0, toward: 1)[0]
        mesh.simulation.run(for: .seconds(5))
        let after = mesh.probes(at: 0, toward: 1)[0]
        #expect(after.answered - before.answered == 5)
        #expect(mesh.received(Mesh.packet(0, 1), from: 0)[1].count == 1)
    }

    @Test("a link whose other side has forgotten where to call is called after three lost probes")
    func forgottenEndpoint() throws {
        let mesh = try Mesh(regions: 2)
        mesh.connect()
        mesh.simulation.run(for: .seconds(5))
        let node = mesh.nodes[1]
        for lane in try #require(mesh.ends[1][0]).lanes {
            let key = try node.record(lane.peer).pointee.publicKey
            node.engine.removePeer(lane.peer)
            node.engine.installPeer(
                lane.peer,
                on: lane.gateway,
                PeerConfiguration(publicKey: key),
                at: mesh.simulation.moment
            )
        }
        // Long before the session's own timer, 15 seconds after what was not answered.
        mesh.simulation.run(for: .seconds(5))
        let before = mesh.probes(at: 0, toward: 1)[0]
        mesh.simulation.run(for: .seconds(5))
        #expect(mesh.probes(at: 0, toward: 1)[0].answered - before.answered == 5)
    }

    @Test("an answer counts once, and only from the gateway that was asked")
    func answers() throws {
        let source = try #require(IPv4Address("10.0.0.1"))
        let other = try #require(IPv4Address("10.0.1.1"))
        let start = Instant(nanoseconds: 5_000_000_000)
        var probes = LaneProbes(ProbePath(source: source, destination: other), from: start)
        func answer(_ number: UInt32, from address: IPv4Address, after delay: UInt64) -> Bool {
            probes.answered(number, from: address, at: start + .milliseconds(delay))
        }
        let early = probes.take(at: Instant(nanoseconds: 4_999_999_999))
        let taken = probes.take(at: start)
        let again = probes.take(at: start)
        #expect(early == nil && again == nil)
        let number = try #require(taken).number
        let first = [
            answer(number, from: source, after: 30), answer(number + 1, from: other, after: 30),
            answer(number, from: other, after: 30), answer(number, from: other, after: 30),
        ]
        #expect(first == [false, false, true, false])
        #expect(probes.report.answered == 1 && probes.report.lastRoundTrip == .milliseconds(30))
        // One that comes too late does not count for a newer one.
        for second in UInt64(1)...5 { _ = probes.take(at: start + .seconds(second)) }
        let late = [answer(1, from: other, after: 6000), answer(2, from: other, after: 6000)]
        #expect(late == [false, true])
    }

    @Test("a peer without a probe is sent nothing")
    func noProbe() throws {
        let hub = try Hub()
        hub.connect()
        hub.simulation.run(for: .seconds(60))
        hub.simulation.forgetLog()
        hub.simulation.run(for: .seconds(60))
        #expect(hub.simulation.log.isEmpty)
        #expect(hub.gateway.report(hub.handles[0])?.probes == nil)
    }
}
