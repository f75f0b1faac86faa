import CLinux
import Glibc
import SystemIO
import WireGuardEngine

/// One thread's share of the data plane: an engine, the sockets of its gateways, and the memory
/// that packets pass through. It is created inside its thread and never leaves it.
struct Worker: ~Copyable {
    /// How often one gateway, or the interface, may fill all receive buffers before the next one is served.
    static let roundsPerTurn = 4
    /// How many handshake messages are handled before packets are looked for again. A valid initiation
    /// costs an eighth of a millisecond.
    private static let handshakesPerTurn = 8
    /// While packets are waiting, every 5 ns spent on packets earn 1 ns for handshakes, so handshakes
    /// get at most 1/6 of the worker's time.
    private static let packetsToHandshakes: Int64 = 5
    /// Upper bound, in nanoseconds, of the handshake credit saved up while no handshakes arrived.
    private static let maximumCredit: Int64 = 1_000_000

    /// This worker's place in `inboxes`.
    let number: Int
    let inbox: WorkerInbox
    let poll: EventPoll
    /// Of all workers, this one included.
    private let inboxes: [WorkerInbox]
    var engine: Engine
    /// For packets, of every gateway that this worker carries.
    var sockets = SocketTable()
    /// For handshakes, of the gateways that this worker owns.
    var handshakeSockets = SocketTable()
    /// Behind the gateways, where there is one.
    var interface: WorkerInterface?
    var io = IOCounters()
    var turn = Turn(at: BootClock.moment)
    private let buffers = ReceiveBuffers()
    private var transmitter = Transmitter()
    private let tags = UnsafeMutablePointer<UInt64>.allocate(capacity: EventPoll.capacity)
    /// Nanoseconds that handshakes may still take while packets wait; negative when they took more.
    private var handshakeCredit: Int64 = 0
    /// The event whose handshakes are answered first. Moves on each turn, so that the credit is not
    /// always spent on the same gateway.
    private var firstAnswered: UInt = 0
    private var isStopping = false

    /// - Parameters:
    ///   - number: this worker's place in `inboxes`.
    ///   - poll: watches the worker's inbox already.
    init(
        number: Int,
        inboxes: [WorkerInbox],
        poll: EventPoll,
        reclamation: EpochReclamation,
        ranges: MappedRanges
    ) {
        self.number = number
        inbox = inboxes[number]
        self.inboxes = inboxes
        self.poll = poll
        engine = Engine(
            random: SystemRandom.source,
            number: number,
            sharing: reclamation,
            ranges: ranges
        )
    }

    deinit { tags.deallocate() }

    /// Until the inbox is closed. Packets come first in a turn, then handshakes, then timers.
    mutating func run() {
        while !isStopping {
            let count = poll.wait(until: engine.nextDeadline, into: tags)
            engine.pin()
            let hadPackets = servePackets(events: count)
            answerHandshakes(events: count, besidePackets: hadPackets)
            fireTimers()
            passNotices()
            engine.unpin()
        }
        sockets.shutAll()
        handshakeSockets.shutAll()
    }

    /// Returns whether there were any, which gives handshakes their credit.
    private mutating func servePackets(events count: Int) -> Bool {
        let start = BootClock.now
        var hadPackets = false
        for index in 0..<count {
            switch EventSource(tag: tags[index]) {
            case .inbox:
                serveInbox()
            case .transport(let gateway):
                forward(from: gateway)
                hadPackets = true
            case .interface:
                inject()
                hadPackets = true
            case .handshakes:
                continue
            }
        }
        if hadPackets {
            let earned = Int64(BootClock.now.since(start).nanoseconds) / Self.packetsToHandshakes
            handshakeCredit = min(handshakeCredit + earned, Self.maximumCredit)
        }
        return hadPackets
    }

    /// Each gateway's handshakes, as far as the credit goes. A turn without packets uses no credit.
    private mutating func answerHandshakes(events count: Int, besidePackets: Bool) {
        firstAnswered &+= 1
        for step in 0..<UInt(count) {
            let tag = tags[Int((firstAnswered &+ step) % UInt(count))]
            guard case .handshakes(let gateway) = EventSource(tag: tag) else { continue }
            guard !besidePackets || handshakeCredit > 0 else { return }
            answerHandshakes(at: gateway, besidePackets: besidePackets)
        }
    }

    /// A turn of one gateway: receive, let the engine work, send.
    private mutating func forward(from gateway: GatewayHandle) {
        guard let socket = sockets[gateway] else { return }
        for _ in 0..<Self.roundsPerTurn {
            let count = turn(of: gateway, socket, atMost: buffers.capacity)
            guard count == buffers.capacity else { return }
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
        let count = socket._withUnsafeGuaranteedRef { buffers.receive(from: $0, atMost: limit) }
        guard count > 0 else {
            if count < 0, -count != EAGAIN, -count != EINTR { io.receiveErrors &+= 1 }
            return 0
        }
        // Zero until the first one.
        let overflows = buffers.overflows(ofFilled: Int(count))
        if overflows != 0 {
            io.overflows &+= socket._withUnsafeGuaranteedRef { $0.newOverflows(overflows) }
        }
        turn.moment = BootClock.moment
        for index in 0..<Int(count) {
            guard let received = buffers.run(index) else {
                io.truncated &+= 1
                continue
            }
            let run = DatagramRun(received, on: gateway)
            io.recordReceived(run)
            engine.receive(run, in: &turn)
            flushIfFilling()
        }
        flush()
        return Int(count)
    }

    private mutating func fireTimers() {
        while let deadline = engine.nextDeadline {
            turn.moment = BootClock.moment
            guard deadline <= turn.moment.now else { return }
            engine.fireTimers(in: &turn)
            flush()
        }
    }

    /// Passes on this batch's notices to the owners on other workers.
    private mutating func passNotices() {
        guard engine.hasNotices else { return }
        let notices = engine.drainNotices()
        for (number, inbox) in inboxes.enumerated() {
            let theirs = notices.filter { $0.owner == number }
            guard !theirs.isEmpty else { continue }
            io.droppedNotices &+= UInt64(inbox.post(theirs))
        }
    }

    private mutating func serveInbox() {
        let (requests, isLast) = inbox.drain()
        for request in requests { serve(request) }
        isStopping = isLast
    }

    mutating func flushIfFilling() {
        if turn.outgoing.isFilling { flush() }
    }

    /// Sends the batch; groups of neighbours with one gateway leave through its socket together.
    mutating func flush() {
        // Also without a message: memory that was reserved and not appended is given back.
        defer { turn.outgoing.clear() }
        guard !turn.outgoing.isEmpty else { return }
        if !turn.outgoing.packets.isEmpty { emit(turn.outgoing.packets) }
        let messages = turn.outgoing.messages
        turn.outgoing.slices.withMemoryRebound(to: iovec.self) { slices in
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

extension IOCounters {
    fileprivate mutating func recordReceived(_ run: DatagramRun) {
        let size = max(run.segmentSize, 1)
        receivedDatagrams &+= UInt64(max((run.bytes.count + size - 1) / size, 1))
        receivedBytes &+= UInt64(run.bytes.count)
    }
}
