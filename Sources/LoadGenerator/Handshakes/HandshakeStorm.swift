import SystemIO
import WireGuardCrypto
import WireGuardEngine

/// Handshakes of many peers with one hub, as fast as it answers or at a rate: initiations from the
/// stock, cookies when it asks for them, and what became of each.
struct HandshakeStorm: ~Copyable {
    /// Nanoseconds between two initiations of a peer: within the 20 a second that a hub
    /// under load takes from one address.
    static let peerInterval: UInt64 = 55_000_000
    /// Nanoseconds after which an unanswered initiation is given up.
    static let patience: UInt64 = 1_000_000_000
    /// How many may wait for their answer when no rate is given.
    private static let window = 128
    private static let maximumRepeats = 3

    enum Pace {
        /// Initiations per second, whether or not the hub answers.
        case rate(Double)
        case asFastAsAnswered
    }

    private enum Fate {
        case unsent
        case sent(at: UInt64, repeats: Int)
        case over
    }

    private(set) var tally = StormTally()
    private let hub: PublicIdentity
    private let pace: Pace
    private let stock: InitiationStock
    private var peers: [StormPeer]
    private var fates: [Fate]
    private let startedAt: UInt64
    /// The next to be sent, and the first whose fate is open.
    private var next = 0
    private var oldest = 0
    private var inFlight = 0

    init(
        _ stock: consuming InitiationStock,
        of peers: [StormPeer],
        to hub: PublicIdentity,
        pace: Pace,
        at now: UInt64
    ) {
        fates = Array(repeating: .unsent, count: stock.count)
        self.stock = stock
        self.peers = peers
        self.hub = hub
        self.pace = pace
        startedAt = now
    }

    /// Nothing is left to send or to wait for.
    var isOver: Bool { oldest == stock.count }

    /// Sends what is due, takes what has come, gives up what is too old. Waits for answers at most
    /// until `moment`, and no longer than its own plan allows.
    mutating func turn(
        until moment: UInt64,
        on sockets: borrowing StormSockets,
        into buffers: borrowing ReceiveBuffers
    ) {
        let now = BootClock.nanoseconds
        giveUp(at: now)
        let due = min(sendDue(at: now, on: sockets), oldestEnds)
        sockets.receive(untilNanoseconds: min(moment, due), into: buffers) {
            receive($1, length: $2, from: $0, on: sockets)
        }
    }

    /// Returns when the next initiation will be due, as far as is known.
    private mutating func sendDue(at now: UInt64, on sockets: borrowing StormSockets) -> UInt64 {
        while next < stock.count {
            let peer = next % peers.count
            let due = max(dueByPace(at: now), peers[peer].readyAt)
            guard due <= now else { return due }
            transmit(next, from: peer, at: now, on: sockets)
            fates[next] = .sent(at: now, repeats: 0)
            peers[peer].readyAt = now + Self.peerInterval
            tally.sent += 1
            inFlight += 1
            next += 1
        }
        return .max
    }

    private func dueByPace(at now: UInt64) -> UInt64 {
        switch pace {
        case .rate(let perSecond):
            startedAt + UInt64(Double(next) / perSecond * 1e9)
        case .asFastAsAnswered:
            inFlight < Self.window ? now : .max
        }
    }

    private mutating func transmit(
        _ number: Int,
        from peer: Int,
        at now: UInt64,
        on sockets: borrowing StormSockets
    ) {
        let message = stock[number]
        let mac1 = hub.sign(initiation: message, cookie: peers[peer].cookie)
        peers[peer].last = (number, mac1)
        sockets.send(message, length: InitiationMessage.length, from: peer)
    }

    /// When the first that waits for its answer is given up.
    private var oldestEnds: UInt64 {
        guard oldest < next, case .sent(let sentAt, _) = fates[oldest] else { return .max }
        return sentAt + Self.patience
    }

    /// Moves past initiations that are answered or given up.
    private mutating func giveUp(at now: UInt64) {
        while oldest < next {
            if case .sent(let sentAt, _) = fates[oldest] {
                guard now >= sentAt + Self.patience else { return }
                fates[oldest] = .over
                tally.unanswered += 1
                inFlight -= 1
            }
            oldest += 1
        }
    }
}

/// What comes back.
extension HandshakeStorm {
    private mutating func receive(
        _ answer: UnsafeMutablePointer<UInt8>,
        length: Int,
        from peer: Int,
        on sockets: borrowing StormSockets
    ) {
        let now = BootClock.nanoseconds
        switch MessageKind(answer, length: length) {
        case .response:
            let index = UInt32(littleEndian: answer.load32(at: ResponseMessage.receiverOffset))
            guard let number = stock.number(of: index), number % peers.count == peer,
                isGenuine(answer, to: number, from: peer)
            else {
                tally.refused += 1
                return
            }
            guard case .sent(let sentAt, _) = fates[number] else { return }
            fates[number] = .over
            inFlight -= 1
            tally.completed += 1
            tally.latency.record(now - sentAt)
        case .cookieReply:
            receiveCookie(answer, from: peer, at: now, on: sockets)
        case .initiation, .transport, nil:
            return
        }
    }

    /// All responses carry a MAC for the peer; of a sample, the whole handshake is completed.
    private func isGenuine(
        _ response: UnsafeMutablePointer<UInt8>,
        to number: Int,
        from peer: Int
    ) -> Bool {
        let identity = peers[peer].identity
        guard identity.publicIdentity.isAddressed(by: response) else { return false }
        guard let sample = stock.sample(number) else { return true }
        return sample.keys(from: response, for: identity, presharedKey: nil) != nil
    }

    /// The hub is under load: the same initiation again, with the cookie, and all later ones.
    private mutating func receiveCookie(
        _ reply: UnsafeMutablePointer<UInt8>,
        from peer: Int,
        at now: UInt64,
        on sockets: borrowing StormSockets
    ) {
        let index = UInt32(littleEndian: reply.load32(at: CookieReplyMessage.receiverOffset))
        guard let number = stock.number(of: index), let last = peers[peer].last,
            last.number == number,
            let cookie = hub.openCookie(in: reply, sentMAC1: last.mac1)
        else {
            tally.refused += 1
            return
        }
        peers[peer].cookie = cookie
        tally.cookies += 1
        guard case .sent(let sentAt, let repeats) = fates[number], repeats < Self.maximumRepeats
        else { return }
        fates[number] = .sent(at: sentAt, repeats: repeats + 1)
        transmit(number, from: peer, at: now, on: sockets)
    }
}

/// What became of the initiations of a storm.
struct StormTally {
    var sent = 0
    var completed = 0
    var unanswered = 0
    /// Answers that ask to prove the sender's address.
    var cookies = 0
    /// Answers that are forged or fit no initiation.
    var refused = 0
    var latency = LatencyHistogram()
}
