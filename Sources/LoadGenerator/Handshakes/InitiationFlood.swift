import NetAddress
import SystemIO
import WireGuardCrypto
import WireGuardEngine

/// Initiations that no hub should complete, at a rate.
package struct InitiationFlood: ~Copyable {
    /// What the attacker knows and does.
    package enum Attack: String, CaseIterable, Sendable {
        /// Nothing: random bytes in the shape of an initiation, with a wrong first MAC.
        case invalidMAC = "invalid-mac"
        /// The hub's public key: well-formed initiations of a stranger, with a right first MAC, who
        /// never answers the demand for a cookie.
        case noCookie = "no-cookie"
        /// The same with random bytes inside, from addresses that are the attacker's own: cookies
        /// are taken and used.
        case random
    }

    static let senders = 64
    private static let stock = 1024
    private static let burst = 16

    private var sent = 0
    private let attack: Attack
    private let rate: Double
    private let hub: PublicIdentity
    private let sockets: StormSockets
    private let messages: UnsafeMutablePointer<UInt8>
    private var firstMACs: [Digest16] = []
    private var cookies: [Digest16?]
    private var startedAt: UInt64
    private var bursts = 0

    /// - Parameter first: the number of its first sender's address.
    init(
        _ attack: Attack,
        rate: Double,
        on target: Endpoint,
        sources: IPv4Prefix?,
        from first: Int,
        against hub: PublicIdentity
    ) throws(LoadError) {
        let stranger = try StormPeer(
            X25519.generatePrivateKey(filledBy: SystemRandom.fill),
            hub: hub.publicKey
        )
        sockets = try StormSockets(
            target: target,
            sources: sources,
            from: first,
            count: Self.senders
        )
        self.attack = attack
        self.rate = rate
        self.hub = hub
        cookies = Array(repeating: nil, count: Self.senders)
        messages = .allocate(capacity: Self.stock * InitiationMessage.length)
        startedAt = 0
        prepare(for: stranger)
    }

    deinit { messages.deallocate() }

    mutating func start(at now: UInt64) {
        startedAt = now
        sent = 0
        bursts = 0
    }

    /// Sends what is due, at most some bursts of it so that others get their turn. What could not
    /// be sent in time is not made up for. Returns how many have been sent since the start.
    mutating func turn(at now: UInt64, into buffers: borrowing ReceiveBuffers) -> Int {
        let due = Int(Double(now - startedAt) / 1e9 * rate) / Self.burst
        if due - bursts > 64 { bursts = due - 64 }
        let end = min(due, bursts + 8)
        while bursts < end {
            sendBurst()
            bursts += 1
        }
        if attack == .random { receiveCookies(at: now, into: buffers) }
        return sent
    }

    private mutating func sendBurst() {
        let sender = bursts % Self.senders
        let first = bursts * Self.burst % Self.stock
        if let cookie = cookies[sender] {
            for number in first..<first + Self.burst {
                _ = hub.sign(initiation: message(number), cookie: cookie)
            }
        }
        sent += sockets.send(
            message(first),
            length: InitiationMessage.length,
            count: Self.burst,
            from: sender
        )
    }

    private func message(_ number: Int) -> UnsafeMutablePointer<UInt8> {
        messages + number * InitiationMessage.length
    }
}

extension InitiationFlood {
    private mutating func prepare(for stranger: StormPeer) {
        for number in 0..<Self.stock {
            let message = message(number)
            switch attack {
            case .invalidMAC, .random:
                writeNoise(to: message, number: number)
            case .noCookie:
                _ = InitiatorHandshake(
                    writingTo: message,
                    from: stranger.identity,
                    to: hub.publicKey,
                    staticShared: stranger.staticShared,
                    ephemeral: X25519.generatePrivateKey(filledBy: SystemRandom.fill),
                    index: UInt32(number),
                    stamp: TAI64N(WallTime(nanoseconds: BootClock.wallNanoseconds))
                )
            }
            if attack != .invalidMAC {
                firstMACs.append(hub.sign(initiation: message, cookie: nil))
            }
        }
    }

    /// Everything random but the type and the sender's index.
    private func writeNoise(to message: UnsafeMutablePointer<UInt8>, number: Int) {
        SystemRandom.fill(
            UnsafeMutableRawBufferPointer(start: message, count: InitiationMessage.length)
        )
        message.store(UInt32(1).littleEndian, at: 0)
        message.store(UInt32(number).littleEndian, at: 4)
    }

    private mutating func receiveCookies(at now: UInt64, into buffers: borrowing ReceiveBuffers) {
        var taken: [(sender: Int, cookie: Digest16)] = []
        sockets.receive(untilNanoseconds: now, into: buffers) { sender, answer, length in
            guard let cookie = cookie(in: answer, length: length) else { return }
            taken.append((sender, cookie))
        }
        for (sender, cookie) in taken { cookies[sender] = cookie }
    }

    private func cookie(in reply: UnsafeMutablePointer<UInt8>, length: Int) -> Digest16? {
        guard MessageKind(reply, length: length) == .cookieReply else { return nil }
        let number = Int(UInt32(littleEndian: reply.load32(at: CookieReplyMessage.receiverOffset)))
        guard number < firstMACs.count else { return nil }
        return hub.openCookie(in: reply, sentMAC1: firstMACs[number])
    }
}
