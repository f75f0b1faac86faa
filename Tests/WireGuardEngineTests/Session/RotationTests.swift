import Testing
import WireGuardCrypto

@testable import WireGuardEngine

@Suite("Keys change without losing packets, section 6")
struct RotationTests {
    /// A packet of A that B has not received yet.
    private func inFlight(_ pair: Pair, _ text: String) throws -> Datagram {
        try #require(pair.a.send(Pair.fromA(text), at: pair.simulation.moment).first)
    }

    @Test("packets of the previous session are still opened after the keys changed")
    func previous() throws {
        let pair = try Pair()
        pair.connect()
        pair.simulation.run(until: .seconds(121))
        let late = try inFlight(pair, "late")
        pair.simulation.transmit(pair.a.flush())
        // That packet made A want a new session; its initiation went with it.
        pair.a.engine.initiateHandshake(
            with: pair.toB,
            in: &pair.a[turnAt: pair.simulation.moment]
        )
        pair.simulation.transmit(pair.a.flush())
        pair.simulation.run(for: .seconds(6))
        pair.sendFromA("new keys")
        pair.simulation.settle()
        #expect(try pair.b.record(pair.toA).pointee.active?.pointee.previous != nil)
        _ = pair.b.receive(late.bytes, from: late.from, at: pair.simulation.moment)
        #expect(pair.textsAtB == ["new keys", "late"])
    }

    @Test("a responder sends with the new keys only after the initiator has used them")
    func confirmation() throws {
        let pair = try Pair()
        pair.connect()
        let old = try pair.b.session(pair.toA)
        pair.simulation.run(until: .seconds(121))
        pair.simulation.passes = { !(pair.isFromA($0) && $0.kind == .transport) }
        pair.sendFromA()
        pair.simulation.settle()
        #expect(try pair.b.session(pair.toA) == old)
        #expect(try pair.b.record(pair.toA).pointee.active?.pointee.next != nil)
        pair.sendFromB("on the old keys")
        pair.simulation.settle()
        #expect(pair.textsAtA == ["on the old keys"])
        pair.simulation.passes = { _ in true }
        pair.sendFromA("confirms")
        pair.simulation.settle()
        #expect(try pair.b.session(pair.toA) != old)
        #expect(try pair.b.record(pair.toA).pointee.active?.pointee.next == nil)
    }

    @Test("a replayed initiation makes no next session and gets no answer")
    func replayedInitiation() throws {
        let pair = try Pair()
        let initiation = try #require(
            pair.a.send(Pair.fromA("x"), at: pair.simulation.moment).first
        )
        let moment = pair.simulation.moment
        #expect(pair.b.receive(initiation.bytes, from: initiation.from, at: moment).count == 1)
        let next = try #require(try pair.b.record(pair.toA).pointee.active).pointee.next
        pair.simulation.jump(to: pair.simulation.now + .seconds(30))
        let later = pair.simulation.moment
        #expect(pair.b.receive(initiation.bytes, from: initiation.from, at: later).isEmpty)
        #expect(pair.b.drops(.staleInitiation) == 1)
        #expect(try #require(try pair.b.record(pair.toA).pointee.active).pointee.next == next)
    }

    @Test("a loss of the initiator's first packet delays no packet of the responder")
    func lostConfirmation() throws {
        let pair = try Pair()
        var lost = 0
        pair.simulation.passes = { datagram in
            guard datagram.kind == .transport, lost == 0 else { return true }
            lost += 1
            return false
        }
        pair.sendFromA("lost")
        pair.simulation.settle()
        pair.sendFromA("arrives")
        pair.simulation.settle()
        #expect(pair.textsAtB == ["arrives"])
        #expect(pair.initiationsOfA().count == 1)
    }

    @Test("a changed preshared key counts from the next handshake on, and the session lives")
    func presharedKeyChange() throws {
        let pair = try Pair()
        pair.connect()
        let key = SecretKey { bytes in for index in bytes.indices { bytes[index] = 7 } }
        let session = try pair.a.session(pair.toB)
        pair.change(presharedKey: key, at: .a)
        pair.sendFromA("same session")
        pair.simulation.settle()
        #expect(pair.textsAtB == ["same session"])
        #expect(try pair.a.session(pair.toB) == session)
        // Only A has the key: the next handshake must fail.
        pair.simulation.run(until: .seconds(200))
        pair.forget()
        pair.sendFromA("waits")
        pair.simulation.settle()
        #expect(pair.textsAtB == [])
        #expect(pair.a.drops(.forged) == 1)
        pair.change(presharedKey: key, at: .b)
        pair.simulation.run(for: .seconds(6))
        #expect(pair.textsAtB == ["waits"])
    }

    @Test("session indices are random, no two alike, none in sequence, with all bits in use")
    func randomIndices() throws {
        let pair = try Pair()
        pair.simulation.passes = { _ in false }
        var indices: [UInt32] = []
        for _ in 0..<14 {
            pair.sendFromA()
            pair.simulation.run(for: .seconds(100))
        }
        indices = pair.simulation.log.map(\.datagram.senderIndex)
        #expect(indices.count >= 200)
        #expect(Set(indices).count == indices.count)
        #expect(zip(indices, indices.dropFirst()).allSatisfy { $1 != $0 &+ 1 })
        #expect(indices.reduce(0, |) == .max)
        #expect(indices.reduce(.max, &) == 0)
    }
}

extension Pair {
    enum Side { case a, b }

    func change(presharedKey: SecretKey?, at side: Side) {
        let (node, handle, key) = side == .a ? (a, toB, b.publicKey) : (b, toA, a.publicKey)
        node.engine.installPeer(
            handle,
            on: node.gateway,
            PeerConfiguration(publicKey: key, presharedKey: presharedKey),
            at: simulation.moment
        )
    }
}
