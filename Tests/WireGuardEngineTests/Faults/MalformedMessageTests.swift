import Testing

@testable import WireGuardEngine

@Suite("Datagrams from nobody never trap, are counted, and change nothing")
struct MalformedMessageTests {
    @Test("datagrams of every length from 0 to 2000 and every type are counted and change nothing")
    func lengths() throws {
        let target = try Target()
        let state = target.state
        var count: UInt64 = 0
        for length in 0...2000 {
            for kind in UInt8(0)...5 {
                var bytes = [UInt8](repeating: 0, count: length)
                if length > 0 { bytes[0] = kind }
                #expect(target.attack(bytes).isEmpty)
                count += 1
            }
        }
        #expect(target.pair.b.drops.total == count)
        #expect(target.state == state)
        let isWorking = target.works()
        #expect(isWorking)
    }

    @Test("every truncation and longer form of a valid message is counted and changes nothing")
    func truncations() throws {
        let target = try Target()
        let state = target.state
        var count: UInt64 = 0
        for message in target.messages {
            for length in 1..<message.count {
                #expect(target.attack(Array(message[..<length])).isEmpty)
                count += 1
            }
            for extra in [1, 16, 100] {
                #expect(target.attack(message + [UInt8](repeating: 0, count: extra)).isEmpty)
                count += 1
            }
        }
        #expect(target.pair.b.drops.total == count)
        #expect(target.state == state)
        let isWorking = target.works()
        #expect(isWorking)
    }

    @Test("a valid message with any single bit flipped is counted and changes nothing")
    func bitFlips() throws {
        let target = try Target()
        #expect(Set(target.messages.map { $0[0] }) == [1, 2, 3, 4])
        let state = target.state
        var count: UInt64 = 0
        for message in target.messages {
            for bit in 0..<message.count * 8 {
                var flipped = message
                flipped[bit / 8] ^= 1 << UInt8(bit % 8)
                if isHarmless(bit, in: message) { continue }
                #expect(target.attack(flipped).isEmpty, "type \(message[0]), bit \(bit)")
                count += 1
            }
        }
        #expect(target.pair.b.drops.total == count)
        #expect(target.state == state)
        let isWorking = target.works()
        #expect(isWorking)
    }

    /// `mac2` is not checked without load.
    private func isHarmless(_ bit: Int, in message: [UInt8]) -> Bool {
        switch message[0] {
        case 1: bit >= 132 * 8
        case 2: bit >= 76 * 8
        default: false
        }
    }

    @Test("random datagrams, alone and in runs of any segment size, are counted and change nothing")
    func randomBytes() throws {
        let target = try Target()
        let state = target.state
        let random = SeededRandom(seed: 5)
        for _ in 0..<2000 {
            var bytes = (0..<Int(random.below(300))).map { _ in
                UInt8(truncatingIfNeeded: random.next())
            }
            if random.happens(perMille: 700), bytes.count > 4 {
                bytes.replaceSubrange(0..<4, with: [UInt8(random.below(5)), 0, 0, 0])
            }
            let before = target.pair.b.drops.total
            let sent = target.pair.b.receive(
                bytes,
                from: target.pair.a.endpoint,
                segmentSize: Int(random.below(310)),
                at: target.pair.simulation.moment
            )
            #expect(sent.isEmpty)
            #expect(target.pair.b.drops.total > before)
        }
        #expect(target.state == state)
        let isWorking = target.works()
        #expect(isWorking)
    }

    @Test("a handshake whose public key is of low order is refused")
    func lowOrder() throws {
        let target = try Target()
        let state = target.state
        let before = target.pair.b.drops.total
        for (type, length, ephemeral) in [(1, 148, 8), (2, 92, 12)] {
            for low in [0, 1] as [UInt8] {
                var message = target.messages.first { $0[0] == UInt8(type) } ?? []
                message.replaceSubrange(
                    ephemeral..<ephemeral + 32,
                    with: [low] + [UInt8](repeating: 0, count: 31)
                )
                let mac1 = length - 32
                let digest = PublicIdentity(target.pair.b.publicKey).mac1Key.withBytes { key in
                    message[..<mac1].withUnsafeBytes { Digest16(key: key, $0) }
                }
                message.replaceSubrange(mac1..<mac1 + 16, with: digest.withBytes { Array($0) })
                #expect(target.attack(message).isEmpty)
            }
        }
        #expect(target.pair.b.drops.total == before + 4)
        #expect(target.pair.b.drops(.forged) == 4)
        #expect(target.state == state)
    }
}
