import CLinux
import Glibc
import WireGuardEngine

/// One thread's share of the data plane: an engine, the sockets of its gateways, and the memory
/// that packets pass through. It is created inside its thread and never leaves it.
struct Worker: ~Copyable {
    /// So that no gateway keeps the others waiting for more than this many full rings.
    private static let roundsPerTurn = 4
    /// Handshake messages that are taken before packets are looked for again. One that is worth it
    /// costs an eighth of a millisecond.
    private static let handshakesPerTurn = 8
    /// While packets wait, handshakes may take a nanosecond for so many that packets took: a sixth
    /// of a worker's time.
    private static let packetsToHandshakes: Int64 = 5
    /// Handshakes that nobody sent are not made up for with more than this, in nanoseconds.
    private static let maximumCredit: Int64 = 1_000_000
    /// No gateway has the last slot.
    static let inboxTag = UInt64.max

    /// Among the workers.
    let number: Int
    let inbox: WorkerInbox
    let poll: EventPoll
    /// Of all workers, this one included.
    private let inboxes: [WorkerInbox]
    var engine: Engine
    /// For packets, of every gateway that this worker carries.
    var sockets = SocketTable()
    /// Of the gateways whose home this worker is.
    var handshakeSockets = SocketTable()
    var io = IOCounters()
    var outgoing = OutgoingBatch()
    private let ring = ReceiveRing()
    private let transmitter = Transmitter()
    private let tags = UnsafeMutablePointer<UInt64>.allocate(capacity: EventPoll.capacity)
    /// What handshakes may still take while packets wait, in nanoseconds; below zero, what they
    /// took too much.
    private var handshakeCredit: Int64 = 0
    /// Moves from turn to turn, so that no gateway always spends the credit of all.
    private var firstAnswered: UInt = 0
    private var isStopping = false

    /// - Parameters:
    ///   - number: this worker's place in `inboxes`.
    ///   - poll: watches the worker's inbox, with `inboxTag`.
    init(number: Int, inboxes: [WorkerInbox], poll: EventPoll, quiescence: Quiescence) {
        self.number = number
        inbox = inboxes[number]
        self.inboxes = inboxes
        self.poll = poll
        engine = Engine(random: SystemRandom.source, number: number, sharing: quiescence)
    }

    deinit { tags.deallocate() }

    /// Until the inbox is closed. Packets come first in a turn, then handshakes, then timers.
    mutating func run() {
        while !isStopping {
            let count = poll.wait(until: engine.nextDeadline, into: tags)
            engine.enter()
            let hadPackets = servePackets(events: count)
            answerHandshakes(events: count, besidePackets: hadPackets)
            fireTimers()
            passNotices()
            engine.leave()
        }
        sockets.shutAll()
        handshakeSockets.shutAll()
    }

    /// Returns whether there were any, which gives handshakes their credit.
    private mutating func servePackets(events count: Int) -> Bool {
        let start = BootClock.now
        var hadPackets = false
        for index in 0..<count where !GatewayHandle.isHandshakeTag(tags[index]) {
            if tags[index] == Self.inboxTag {
                serveInbox()
            } else {
                forward(from: GatewayHandle(tag: tags[index]))
                hadPackets = true
            }
        }
        if hadPackets {
            let earned = Int64(BootClock.now.since(start).nanoseconds) / Self.packetsToHandshakes
            handshakeCredit = min(handshakeCredit + earned, Self.maximumCredit)
        }
        return hadPackets
    }

    /// Each gateway's handshakes, as far as the credit goes. A turn without packets costs none.
    private mutating func answerHandshakes(events count: Int, besidePackets: Bool) {
        firstAnswered &+= 1
        for step in 0..<UInt(count) {
            let tag = tags[Int((firstAnswered &+ step) % UInt(count))]
            guard GatewayHandle.isHandshakeTag(tag) else { continue }
            guard !besidePackets || handshakeCredit > 0 else { return }
            answerHandshakes(at: GatewayHandle(tag: tag), besidePackets: besidePackets)
        }
    }

    /// A turn of one gateway: receive, let the engine work, send.
    private mutating func forward(from gateway: GatewayHandle) {
        guard let socket = sockets[gateway] else { return }
        for _ in 0..<Self.roundsPerTurn {
            let count = turn(of: gateway, socket, atMost: ring.capacity)
            guard count == ring.capacity else { return }
        }
    }

    private mutating func answerHandshakes(at gateway: GatewayHandle, besidePackets: Bool) {
        guard let socket = handshakeSockets[gateway] else { return }
        repeat {
            let start = BootClock.now
            let count = turn(of: gateway, socket, atMost: Self.handshakesPerTurn)
            guard besidePackets else { return }
            handshakeCredit -= Int64(BootClock.now.since(start).nanoseconds)
            guard count == Self.handshakesPerTurn else { return }
        } while handshakeCredit > 0
    }

    /// Returns how many runs were received.
    private mutating func turn(
        of gateway: GatewayHandle,
        _ socket: Unmanaged<UDPSocket>,
        atMost limit: Int
    ) -> Int {
        let count = socket._withUnsafeGuaranteedRef { ring.receive(from: $0, atMost: limit) }
        guard count > 0 else {
            if count < 0, -count != EAGAIN, -count != EINTR { io.receiveErrors &+= 1 }
            return 0
        }
        let moment = BootClock.moment
        for index in 0..<Int(count) {
            guard let run = ring.run(index, on: gateway) else {
                io.truncated &+= 1
                continue
            }
            io.recordReceived(run)
            engine.receive(run, at: moment, into: &outgoing)
            flushIfFilling()
        }
        flush()
        return Int(count)
    }

    private mutating func fireTimers() {
        while let deadline = engine.nextDeadline {
            let moment = BootClock.moment
            guard deadline <= moment.now else { return }
            engine.fireTimers(at: moment, into: &outgoing)
            flush()
        }
    }

    /// What this batch left to the homes of gateways that live on other workers.
    private mutating func passNotices() {
        guard engine.hasNotices else { return }
        let notices = engine.takeNotices()
        for (number, inbox) in inboxes.enumerated() {
            let theirs = notices.filter { $0.home == number }
            guard !theirs.isEmpty else { continue }
            io.droppedNotices &+= UInt64(inbox.post(theirs))
        }
    }

    private mutating func serveInbox() {
        let (requests, isLast) = inbox.take()
        for request in requests { serve(request) }
        isStopping = isLast
    }

    mutating func flushIfFilling() {
        if outgoing.isFilling { flush() }
    }

    /// Sends the batch; groups of neighbours with one gateway leave through its socket together.
    mutating func flush() {
        // Also without a message: what was reserved and not appended takes room.
        defer { outgoing.clear() }
        guard !outgoing.isEmpty else { return }
        let messages = outgoing.messages
        outgoing.slices.withMemoryRebound(to: iovec.self) { slices in
            guard let slices = slices.baseAddress else { return }
            var start = 0
            while start < messages.count {
                let gateway = messages[start].gateway
                var end = start + 1
                while end < messages.count, messages[end].gateway == gateway { end += 1 }
                let group = UnsafeBufferPointer(rebasing: messages[start..<end])
                if let socket = sockets[gateway] {
                    socket._withUnsafeGuaranteedRef {
                        transmitter.send(group, slices: slices, through: $0, counting: &io)
                    }
                } else {
                    for message in group {
                        io.unsent.noSocket &+= UInt64(message.segmentCount)
                    }
                }
                start = end
            }
        }
    }
}

extension GatewayHandle {
    private static let handshakeBit: UInt64 = 1 << 63

    init(tag: UInt64) {
        self.init(
            slot: UInt32(truncatingIfNeeded: (tag & ~Self.handshakeBit) >> 32),
            generation: UInt32(truncatingIfNeeded: tag)
        )
    }

    var tag: UInt64 { UInt64(slot) << 32 | UInt64(generation) }

    var handshakeTag: UInt64 { tag | Self.handshakeBit }

    static func isHandshakeTag(_ tag: UInt64) -> Bool {
        tag & handshakeBit != 0 && tag != Worker.inboxTag
    }
}

extension IOCounters {
    fileprivate mutating func recordReceived(_ run: DatagramRun) {
        let size = max(run.segmentSize, 1)
        receivedDatagrams &+= UInt64(max((run.bytes.count + size - 1) / size, 1))
        receivedBytes &+= UInt64(run.bytes.count)
    }
}
