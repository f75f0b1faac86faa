import NetAddress
import Testing
import TunnelTestSupport
import WireGuardCrypto

@testable import WireGuardEngine

/// The initiator's half without an engine around it, against an engine as responder.
@Suite("An initiator's handshake by itself, sections 5.4.2 and 5.4.3")
struct InitiatorHandshakeTests {
    private let simulation = Simulation(seed: 7)
    private let identity = StaticIdentity(privateKey: SecretKey(filledBy: { $0[0] = 8 }))
    private let presharedKey = SecretKey(filledBy: { $0[5] = 5 })
    private let responder: SimulatedNode
    private let sender: Endpoint

    init() throws {
        sender = try #require(Endpoint("198.51.100.2:40000"))
        responder = try SimulatedNode(
            endpoint: try #require(Endpoint("192.0.2.1:5000")),
            addresses: ["10.0.0.1/24"],
            delivery: .router,
            random: simulation.random
        )
        try responder.add(
            identity.publicKey,
            allowed: ["10.0.0.2/32"],
            presharedKey: presharedKey,
            at: simulation.moment
        )
    }

    /// An initiation, signed with what is known of the responder's cookie.
    private func initiate(
        index: UInt32 = 77,
        cookie: Digest16? = nil
    ) throws -> (handshake: InitiatorHandshake, mac1: Digest16, bytes: [UInt8]) {
        let shared = X25519.sharedSecret(identity.privateKey, responder.publicKey)
        let staticShared = try #require(shared)
        var bytes = [UInt8](repeating: 0, count: InitiationMessage.length)
        let made = bytes.withUnsafeMutableBufferPointer {
            buffer -> (InitiatorHandshake, Digest16)? in
            guard let message = buffer.baseAddress,
                let handshake = InitiatorHandshake(
                    writingTo: message,
                    from: identity,
                    to: responder.publicKey,
                    staticShared: staticShared,
                    ephemeral: X25519.generatePrivateKey { $0[3] = 9 },
                    index: index,
                    stamp: TAI64N(simulation.moment.wall)
                )
            else { return nil }
            let address = PublicIdentity(responder.publicKey)
            return (handshake, address.sign(initiation: message, cookie: cookie))
        }
        let (handshake, mac1) = try #require(made)
        return (handshake, mac1, bytes)
    }

    private func keys(
        of handshake: InitiatorHandshake,
        from response: [UInt8],
        presharedKey: SecretKey?
    ) -> TransportKeys? {
        var response = response
        return response.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap {
                handshake.keys(from: $0, for: identity, presharedKey: presharedKey)
            }
        }
    }

    private func answer(to initiation: [UInt8]) -> [Datagram] {
        responder.receive(initiation, from: sender, at: simulation.moment)
    }

    @Test("an initiator's handshake gives keys with which the responder takes its packets")
    func agrees() throws {
        let (handshake, _, bytes) = try initiate()
        let response = try #require(answer(to: bytes).first)
        let agreed = keys(of: handshake, from: response.bytes, presharedKey: presharedKey)
        let keys = try #require(agreed)
        #expect(keys.remoteIndex == response.senderIndex)

        let echo = Packets.echo(from: "10.0.0.2", to: "10.0.0.1")
        let sealed = Self.seal(echo, with: keys)
        let reply = try #require(answer(to: sealed).first { $0.isData })
        #expect(reply.receiverIndex == handshake.localIndex)
        #expect(Self.opens(reply.bytes, with: keys))
    }

    @Test(
        "a handshake response with any byte changed gives the initiator no keys",
        arguments: 12..<60
    )
    func forged(place: Int) throws {
        let (handshake, _, bytes) = try initiate()
        var response = try #require(answer(to: bytes).first).bytes
        response[place] ^= 1
        #expect(keys(of: handshake, from: response, presharedKey: presharedKey) == nil)
    }

    @Test("an initiator with another preshared key than the responder, or with none, gets no keys")
    func presharedKeys() throws {
        let (handshake, _, bytes) = try initiate()
        let response = try #require(answer(to: bytes).first).bytes
        #expect(keys(of: handshake, from: response, presharedKey: nil) == nil)
        let other = SecretKey(filledBy: { $0[5] = 6 })
        #expect(keys(of: handshake, from: response, presharedKey: other) == nil)
    }

    @Test("the cookie of a cookie reply gets the initiator's next initiation through")
    func cookie() throws {
        let now = simulation.now
        for _ in 0...HandshakeLoad.burst { _ = responder.engine.load.isUnderLoad(at: now) }
        let (_, mac1, bytes) = try initiate()
        var reply = try #require(answer(to: bytes).first).bytes
        #expect(reply.count == CookieReplyMessage.length)
        let opened = reply.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap {
                PublicIdentity(responder.publicKey).openCookie(in: $0, sentMAC1: mac1)
            }
        }
        let cookie = try #require(opened)
        let next = try initiate(cookie: cookie)
        #expect(answer(to: next.bytes).map(\.kind) == [.response])
    }

    private static func seal(_ packet: [UInt8], with keys: TransportKeys) -> [UInt8] {
        let padded = (packet.count + 15) & ~15
        var message = [UInt8](repeating: 0, count: 16 + padded + 16)
        message.replaceSubrange(16..<16 + packet.count, with: packet)
        let cipher = keys.sending.withBytes { ChaCha20Poly1305(key: $0) }
        message.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            base.storeLittle(4 as UInt32, at: 0)
            base.storeLittle(keys.remoteIndex, at: TransportLayout.receiver)
            base.storeLittle(0 as UInt64, at: TransportLayout.counter)
            cipher.seal(base + TransportLayout.payload, count: padded, counter: 0)
        }
        return message
    }

    private static func opens(_ message: [UInt8], with keys: TransportKeys) -> Bool {
        var message = message
        let cipher = keys.receiving.withBytes { ChaCha20Poly1305(key: $0) }
        return message.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return false }
            return cipher.open(
                base + TransportLayout.payload,
                count: buffer.count - TransportLayout.payload,
                counter: base.little64(at: TransportLayout.counter)
            )
        }
    }
}
