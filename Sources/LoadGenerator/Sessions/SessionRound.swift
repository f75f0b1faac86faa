import SystemIO
import WireGuardCrypto
import WireGuardEngine

/// The handshakes of all peers, as initiators: no faster than a hub of ours admits without asking
/// for cookies, some at a time, and again when an answer does not come.
struct SessionRound: ~Copyable {
    /// A hub that does not answer at all is given up after this, in nanoseconds.
    static let silence: UInt64 = 4_500_000_000
    /// Handshakes a second, and how many may come at once.
    static let rate: UInt64 = 450
    static let burst: UInt64 = 128
    private static let atOnce = 64
    private static let patience: UInt64 = 1_000_000_000
    private static let maximumAttempts = 12

    private struct Attempt {
        let identity: StaticIdentity
        let staticShared: SecretKey
        var handshake: InitiatorHandshake
        var mac1: Digest16
        var sentAt: UInt64
        var count = 1
    }

    private let gateways: PairSides<PublicIdentity>
    private let peers: [BenchDirectory.Peer]
    private let message: UnsafeMutablePointer<UInt8>
    private var attempts: [Int: Attempt] = [:]
    private var cookies: [Int: Digest16] = [:]
    private var newestStamp = TAI64N(WallTime(nanoseconds: 0))
    private var completed = PairSides(both: 0)

    init(gateways: PairSides<PublicKey>, peers: [BenchDirectory.Peer]) {
        self.gateways = PairSides(
            PublicIdentity(gateways.first),
            PublicIdentity(gateways.second)
        )
        self.peers = peers
        message = .allocate(capacity: InitiationMessage.length)
    }

    deinit { message.deallocate() }

    private var total: Int { completed.first + completed.second }

    /// How long a round for `count` peers takes at least, in seconds.
    static func duration(peers: Int) -> Double { Double(peers) / Double(rate) }

    /// Until every peer has a session that it has used once, as a hub wants to see before it sends.
    mutating func run(
        on sockets: borrowing PeerSockets,
        receivingInto buffers: borrowing ReceiveBuffers,
        making sessions: inout PeerSessions
    ) throws(LoadError) {
        let start = BootClock.nanoseconds
        var next = 0
        while total < peers.count {
            let now = BootClock.nanoseconds
            let due = Self.burst + (now - start) * Self.rate / 1_000_000_000
            while next < peers.count, attempts.count < Self.atOnce, next < due {
                try begin(next, sessions.index(of: next), at: now, on: sockets)
                next += 1
            }
            if now - start >= Self.silence,
                let silent = (0..<2).first(where: { completed[ofPeer: $0] == 0 })
            {
                throw LoadError(
                    "\(sockets.target(ofPeer: silent)) does not answer; does a hub run there, with gateway.conf?"
                )
            }
            sockets.wait(untilNanoseconds: now + 2_000_000)
            try receive(on: sockets, into: buffers, making: &sessions)
            try retry(on: sockets)
        }
    }

    private mutating func begin(
        _ peer: Int,
        _ index: UInt32,
        at now: UInt64,
        on sockets: borrowing PeerSockets
    ) throws(LoadError) {
        let identity = StaticIdentity(privateKey: peers[peer].privateKey)
        let gateway = gateways[ofPeer: peer]
        guard let shared = X25519.sharedSecret(identity.privateKey, gateway.publicKey),
            let (handshake, mac1) = write(
                identity,
                to: gateway,
                shared,
                index,
                socket: sockets.number(ofPeer: peer)
            )
        else { throw LoadError("the gateway's public key is not one; make the directory again") }
        attempts[peer] = Attempt(
            identity: identity,
            staticShared: shared,
            handshake: handshake,
            mac1: mac1,
            sentAt: now
        )
        try sockets.send(message, count: InitiationMessage.length, from: peer)
    }

    /// Nil for a key of low order.
    private mutating func write(
        _ identity: StaticIdentity,
        to gateway: PublicIdentity,
        _ shared: SecretKey,
        _ index: UInt32,
        socket: Int
    ) -> (InitiatorHandshake, Digest16)? {
        newestStamp = max(
            newestStamp.next,
            TAI64N(WallTime(nanoseconds: BootClock.wallNanoseconds))
        )
        let handshake = InitiatorHandshake(
            writingTo: message,
            from: identity,
            to: gateway.publicKey,
            staticShared: shared,
            ephemeral: X25519.generatePrivateKey(filledBy: SystemRandom.fill),
            index: index,
            stamp: newestStamp
        )
        guard let handshake else { return nil }
        return (handshake, gateway.sign(initiation: message, cookie: cookies[socket]))
    }

    private mutating func retry(on sockets: borrowing PeerSockets) throws(LoadError) {
        let now = BootClock.nanoseconds
        for peer in attempts.keys.sorted() {
            guard let attempt = attempts[peer], now - attempt.sentAt >= Self.patience else {
                continue
            }
            guard attempt.count < Self.maximumAttempts else {
                throw LoadError(
                    "\(total) of \(peers.count) peers have a session, and the target does not"
                        + " answer the others; does it have all peers of gateway.conf?"
                )
            }
            try repeatAttempt(of: peer, attempt, at: now, on: sockets)
        }
    }

    private mutating func repeatAttempt(
        of peer: Int,
        _ attempt: Attempt,
        at now: UInt64,
        on sockets: borrowing PeerSockets
    ) throws(LoadError) {
        let written = write(
            attempt.identity,
            to: gateways[ofPeer: peer],
            attempt.staticShared,
            attempt.handshake.localIndex,
            socket: sockets.number(ofPeer: peer)
        )
        guard let (handshake, mac1) = written else { return }
        attempts[peer]?.handshake = handshake
        attempts[peer]?.mac1 = mac1
        attempts[peer]?.sentAt = now
        attempts[peer]?.count += 1
        try sockets.send(message, count: InitiationMessage.length, from: peer)
    }
}

/// What comes back.
extension SessionRound {
    private mutating func receive(
        on sockets: borrowing PeerSockets,
        into buffers: borrowing ReceiveBuffers,
        making sessions: inout PeerSessions
    ) throws(LoadError) {
        for number in sockets.all.indices {
            for index in 0..<Int(max(buffers.receive(from: sockets.all[number]), 0)) {
                guard let run = buffers.run(index), run.segmentSize > 0,
                    let base = run.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
                else { continue }
                for offset in stride(from: 0, to: run.bytes.count, by: run.segmentSize) {
                    let length = min(run.segmentSize, run.bytes.count - offset)
                    try receive(base + offset, length, from: number, on: sockets, making: &sessions)
                }
            }
        }
    }

    private mutating func receive(
        _ answer: UnsafeMutablePointer<UInt8>,
        _ length: Int,
        from socket: Int,
        on sockets: borrowing PeerSockets,
        making sessions: inout PeerSessions
    ) throws(LoadError) {
        switch MessageKind(answer, length: length) {
        case .response:
            let index = UInt32(littleEndian: answer.load32(at: ResponseMessage.receiverOffset))
            guard let peer = sessions.number(of: index), let attempt = attempts[peer],
                let keys = attempt.handshake.keys(
                    from: answer,
                    for: attempt.identity,
                    presharedKey: nil
                )
            else { return }
            attempts[peer] = nil
            completed[ofPeer: peer] += 1
            sessions.insert(keys, for: peer)
            try sockets.sendKeepalive(from: peer, on: sessions[peer])
        case .cookieReply:
            let index = UInt32(littleEndian: answer.load32(at: CookieReplyMessage.receiverOffset))
            guard let peer = sessions.number(of: index), let attempt = attempts[peer],
                let cookie = gateways[ofPeer: peer].openCookie(in: answer, sentMAC1: attempt.mac1)
            else { return }
            // It is made of the socket's address and port, so it holds for all peers there.
            cookies[socket] = cookie
        case .initiation, .transport, nil:
            return
        }
    }
}

extension PeerSockets {
    /// An empty packet: it confirms a new session, and shows that the peer is still there.
    func sendKeepalive(
        from peer: Int,
        on session: UnsafeMutablePointer<PeerSession>
    ) throws(LoadError) {
        let counter = session.pointee.nextCounter
        session.pointee.nextCounter += 1
        let sent: Result<Void, LoadError> = withUnsafeTemporaryAllocation(
            of: UInt8.self,
            capacity: TransportMessage.overhead
        ) { bytes in
            guard let message = bytes.baseAddress else { return .success(()) }
            TransportMessage.writeHeader(
                message,
                receiver: session.pointee.remoteIndex,
                counter: counter
            )
            session.pointee.sending.seal(
                message + TransportMessage.headerLength,
                count: 0,
                counter: counter
            )
            return Result { () throws(LoadError) in
                try send(message, count: bytes.count, from: peer)
            }
        }
        try sent.get()
    }
}
