import NetAddress
import Testing
import WireGuardCrypto

@testable import WireGuardEngine

/// Both ends of a transcript, with the random bytes that it was made with.
private struct Ends {
    let initiator: SimulatedNode
    let responder: SimulatedNode
    let moment = Moment(
        now: Instant(nanoseconds: 1_000_000_000),
        wall: WallTime(nanoseconds: Transcript.wall)
    )

    init(_ transcript: Transcript) throws {
        let presharedKey = transcript.presharedKey.map(Self.key)
        initiator = try Self.node(
            "192.0.2.1:1",
            "10.0.0.1/32",
            Transcript.initiatorKey,
            Transcript.initiatorEphemeral,
            Transcript.initiatorIndex
        )
        responder = try Self.node(
            "192.0.2.2:2",
            "10.0.0.2/32",
            Transcript.responderKey,
            Transcript.responderEphemeral,
            Transcript.responderIndex
        )
        try initiator.add(
            responder.publicKey,
            allowed: ["10.0.0.2/32"],
            endpoint: responder.endpoint,
            presharedKey: presharedKey,
            at: moment
        )
        try responder.add(
            initiator.publicKey,
            allowed: ["10.0.0.1/32"],
            presharedKey: presharedKey,
            at: moment
        )
    }

    private static func node(
        _ endpoint: String,
        _ address: String,
        _ key: [UInt8],
        _ ephemeral: [UInt8],
        _ index: [UInt8]
    ) throws -> SimulatedNode {
        // The engine's first 8 bytes seed its jitter.
        let random = ScriptedRandom([[UInt8](repeating: 1, count: 8), ephemeral, index])
        return try SimulatedNode(
            endpoint: try #require(Endpoint(endpoint)),
            addresses: [address],
            delivery: .host,
            source: random.source,
            privateKey: Self.key(key)
        )
    }

    private static func key(_ bytes: [UInt8]) -> SecretKey {
        bytes.withUnsafeBytes { SecretKey($0) }
    }

    func initiate() -> [[UInt8]] {
        initiator.engine.initiateHandshake(
            with: PeerHandle(slot: 0, generation: 1),
            in: &initiator[turnAt: moment]
        )
        return initiator.flush().map(\.bytes)
    }

    func atInitiator(_ message: [UInt8]) -> [[UInt8]] {
        initiator.receive(message, from: responder.endpoint, at: moment).map(\.bytes)
    }

    func atResponder(_ message: [UInt8]) -> [[UInt8]] {
        responder.receive(message, from: initiator.endpoint, at: moment).map(\.bytes)
    }
}

@Suite("Handshakes agree byte for byte with an independent implementation")
struct TranscriptTests {
    @Test(
        "the initiator writes the initiation of an independent implementation's transcript",
        arguments: Transcript.all
    )
    func initiation(transcript: Transcript) throws {
        #expect(try Ends(transcript).initiate() == [transcript.initiation])
    }

    @Test(
        "the responder answers with the response of an independent implementation's transcript",
        arguments: Transcript.all
    )
    func response(transcript: Transcript) throws {
        #expect(try Ends(transcript).atResponder(transcript.initiation) == [transcript.response])
    }

    @Test(
        "the initiator confirms with the keepalive of an independent implementation's transcript",
        arguments: Transcript.all
    )
    func keepalive(transcript: Transcript) throws {
        let ends = try Ends(transcript)
        _ = ends.initiate()
        #expect(ends.atInitiator(transcript.response) == [transcript.keepalive])
    }

    @Test(
        "both sides seal and open the packets of an independent implementation's transcript",
        arguments: Transcript.all
    )
    func packets(transcript: Transcript) throws {
        let ends = try Ends(transcript)
        _ = ends.initiate()
        _ = ends.atInitiator(transcript.response)
        let sent = ends.initiator.send(transcript.innerFromInitiator, at: ends.moment)
        #expect(sent.map(\.bytes) == [transcript.dataFromInitiator])
        _ = ends.atInitiator(transcript.dataFromResponder)
        #expect(ends.initiator.received == [transcript.innerFromResponder])

        _ = ends.atResponder(transcript.initiation)
        // Out of order: data confirms a session as well as a keepalive does.
        _ = ends.atResponder(transcript.dataFromInitiator)
        _ = ends.atResponder(transcript.keepalive)
        #expect(ends.responder.received == [transcript.innerFromInitiator])
        let answered = ends.responder.send(transcript.innerFromResponder, at: ends.moment)
        #expect(answered.map(\.bytes) == [transcript.dataFromResponder])
        #expect(ends.initiator.drops.total == 0)
        #expect(ends.responder.drops.total == 0)
    }

    @Test("two sides of which one has another preshared key get no session")
    func otherPresharedKey() throws {
        let ends = try Ends(.withPresharedKey)
        _ = ends.initiate()
        #expect(ends.atInitiator(Transcript.withoutPresharedKey.response) == [])
        #expect(ends.initiator.drops(.forged) == 1)
    }

    @Test("the initiator takes the cookie of an independent implementation and proves it in mac2")
    func cookie() throws {
        let transcript = Transcript.withoutPresharedKey
        let ends = try Ends(transcript)
        _ = ends.initiate()
        #expect(ends.atInitiator(transcript.cookieReply) == [])
        let later = Moment(
            now: ends.moment.now + .seconds(6),
            wall: WallTime(nanoseconds: Transcript.wall + 6_000_000_000)
        )
        let retry = try #require(ends.initiator.fireTimers(at: later).first?.bytes)
        let expected = transcript.cookie.withUnsafeBytes { key in
            retry[0..<132].withUnsafeBytes { Digest16(key: key, $0) }
        }
        #expect(expected.withBytes { Array($0) } == Array(retry[132...]))
    }
}
