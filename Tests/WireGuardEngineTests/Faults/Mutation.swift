@testable import WireGuardEngine

/// Valid messages of all four types, and ways to spoil them.
struct Mutation {
    let random: SeededRandom

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    /// A few changes of one of `messages`, as fuzzers make them.
    func mutate(_ messages: [[UInt8]]) -> [UInt8] {
        var bytes = pick(messages)
        for _ in 0...random.below(4) { change(&bytes, messages) }
        return bytes
    }

    private func change(_ bytes: inout [UInt8], _ messages: [[UInt8]]) {
        guard !bytes.isEmpty else {
            bytes = pick(messages)
            return
        }
        let at = Int(random.below(UInt64(bytes.count)))
        switch random.below(8) {
        case 0: bytes[at] ^= 1 << UInt8(random.below(8))
        case 1: bytes[at] = UInt8(truncatingIfNeeded: random.next())
        case 2: bytes.removeSubrange(at...)
        case 3: bytes.append(contentsOf: [UInt8](repeating: 0, count: Int(random.below(64))))
        case 4: bytes[at] = [0, 1, 0x7f, 0x80, 0xff][Int(random.below(5))]
        case 5: bytes.replaceSubrange(at..., with: pick(messages).dropFirst(at))
        case 6: bytes.insert(contentsOf: pick(messages).prefix(16), at: at)
        // The type and the reserved zeros.
        default: bytes[min(at % 4, bytes.count - 1)] = UInt8(random.below(6))
        }
    }

    private func pick(_ messages: [[UInt8]]) -> [UInt8] {
        messages[Int(random.below(UInt64(messages.count)))]
    }
}

/// A pair whose B is attacked: it has a session with A and a handshake under way with A.
struct Target {
    let pair: Pair
    /// One valid message of each type, addressed to B, none of which B has seen.
    let messages: [[UInt8]]

    init() throws {
        pair = try Pair()
        pair.connect()
        pair.simulation.jump(to: pair.simulation.now + .seconds(130))
        let moment = pair.simulation.moment
        let transport = pair.a.send(Pair.fromA("valid"), at: moment)
        pair.b.engine.initiateHandshake(with: pair.toA, in: &pair.b[turnAt: moment])
        let question = pair.b.flush()
        let response = pair.a.receive(question[0].bytes, from: pair.b.endpoint, at: moment)
        for _ in 0...HandshakeLoad.burst { _ = pair.a.engine.load.isUnderLoad(at: moment.now) }
        let cookie = pair.a.receive(question[0].bytes, from: pair.b.endpoint, at: moment)
        messages = (transport + response + cookie).map(\.bytes)
    }

    /// Hands B a datagram.
    @discardableResult
    func attack(_ bytes: [UInt8]) -> [Datagram] {
        pair.b.receive(bytes, from: pair.a.endpoint, at: pair.simulation.moment)
    }

    /// All that a datagram from no peer must leave as it is.
    var state: [String] {
        let report = pair.b.report(pair.toA)
        let record = pair.b.engine.peers.find(pair.toA)
        let active = record?.pointee.active
        return [
            "\(String(describing: report))",
            "\(String(describing: record?.pointee.currentSession))",
            "\(String(describing: record?.pointee.newestTimestamp))",
            "\(String(describing: record?.pointee.timers))",
            "\(String(describing: active?.pointee.previous))",
            "\(String(describing: active?.pointee.next))",
            "\(String(describing: active?.pointee.handshake.pending?.localIndex))",
            "\(String(describing: active?.pointee.handshake.retransmitHandshake))",
            "\(String(describing: active?.pointee.cookie?.receivedAt))",
            "\(String(describing: pair.b.nextDeadline))",
        ]
    }

    /// The same, once whoever lost its session had time to notice: valid messages that arrive
    /// late or twice may replace sessions, as the peer's own would.
    func recovers() -> Bool {
        _ = works()
        pair.simulation.run(for: .seconds(20))
        return works()
    }

    /// A fresh exchange in both directions still works.
    func works() -> Bool {
        pair.simulation.jump(to: pair.simulation.now + .seconds(2))
        pair.forget()
        pair.sendFromA("after")
        pair.sendFromB("after")
        pair.simulation.run(for: .seconds(12))
        return pair.textsAtB.contains("after") && pair.textsAtA.contains("after")
    }
}
