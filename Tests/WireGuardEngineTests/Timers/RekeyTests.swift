import Synchronization
import Testing

@testable import WireGuardEngine

@Suite("Keys are renewed in time, whitepaper section 6.2")
struct RekeyTests {
    @Test("the initiator renews keys when it sends after REKEY_AFTER_TIME (120 s), and not before")
    func initiatorRenews() throws {
        let pair = try Pair()
        pair.connect()
        pair.simulation.run(until: .seconds(119))
        pair.sendFromA()
        #expect(pair.initiationsOfA().isEmpty)
        pair.simulation.run(until: .seconds(121))
        pair.sendFromA()
        #expect(pair.initiationsOfA() == [.seconds(121)])
    }

    @Test(
        "the responder does not renew keys when it sends after REKEY_AFTER_TIME, so that not both do"
    )
    func responderWaits() throws {
        let pair = try Pair()
        pair.connect()
        pair.simulation.run(until: .seconds(150))
        pair.sendFromB()
        pair.simulation.run(for: .seconds(3))
        #expect(pair.textsAtA == ["from B"])
        #expect(pair.initiationsOfA().isEmpty && pair.initiationsOfB().isEmpty)
    }

    @Test("an initiator that only receives renews keys at 165 s, once per session")
    func receivingInitiatorRenews() throws {
        let pair = try Pair()
        pair.connect()
        pair.simulation.run(until: .seconds(164))
        pair.sendFromB()
        pair.simulation.run(for: .milliseconds(500))
        #expect(pair.initiationsOfA().isEmpty)
        // Its initiations are lost, so that only the receiving can cause further ones.
        pair.simulation.passes = { $0.kind != .initiation }
        pair.simulation.run(until: .seconds(166))
        pair.sendFromB()
        pair.sendFromB()
        pair.simulation.run(for: .seconds(1))
        #expect(pair.initiationsOfA().count == 1)
        #expect(try #require(pair.initiationsOfA().first).seconds >= 166)
    }

    @Test("either side renews keys when its counter reaches REKEY_AFTER_MESSAGES")
    func renewsByCount() throws {
        for fromInitiator in [true, false] {
            let pair = try Pair()
            pair.connect()
            pair.simulation.run(for: .seconds(10))
            pair.forget()
            let session =
                try fromInitiator ? pair.a.session(pair.toB) : pair.b.session(pair.toA)
            session.pointee.sendCounter.store(Constant.rekeyAfterMessages - 2, ordering: .relaxed)
            let send = { fromInitiator ? pair.sendFromA() : pair.sendFromB() }
            let initiations = { fromInitiator ? pair.initiationsOfA() : pair.initiationsOfB() }
            send()
            #expect(initiations().isEmpty)
            send()
            #expect(initiations().count == 1)
        }
    }

    @Test("nothing is sealed or opened with keys older than REJECT_AFTER_TIME (180 s)")
    func rejectAfterTime() throws {
        let pair = try Pair()
        pair.connect()
        pair.simulation.run(until: .seconds(179))
        let late = try #require(pair.a.send(Pair.fromA("late"), at: pair.simulation.moment).first)
        pair.simulation.passes = { $0.isData }
        pair.simulation.run(until: .milliseconds(180_100))
        _ = pair.b.receive(late.bytes, from: late.from, at: pair.simulation.moment)
        #expect(pair.b.drops(.expiredSession) == 1)
        #expect(pair.b.received.isEmpty)
        pair.forget()
        pair.sendFromB()
        #expect(!pair.simulation.log.contains { $0.datagram.kind == .transport })
        #expect(pair.initiationsOfB().count == 1)
    }

    @Test("days of sparse traffic start a session for each packet and lose none")
    func days() throws {
        let pair = try Pair()
        for hour in 0..<60 {
            pair.sendFromA("\(hour)")
            pair.simulation.run(for: .seconds(3600))
        }
        #expect(pair.textsAtB == (0..<60).map(String.init))
        #expect(try pair.a.record(pair.toB).pointee.active == nil)
    }

    @Test("hours of steady traffic renew keys every two minutes and lose no packet")
    func hours() throws {
        let pair = try Pair()
        for number in 0..<250 {
            pair.sendFromA("\(number)")
            pair.simulation.run(for: .seconds(25))
        }
        #expect(pair.textsAtB == (0..<250).map(String.init))
        // Every 125 or 150 s: with the first packet after 120 s.
        let count = pair.initiationsOfA().count
        #expect((41...51).contains(count))
        #expect(pair.a.drops.total == 0 && pair.b.drops.total == 0)
    }
}
