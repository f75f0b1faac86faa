import CLinux
import Glibc
import WireGuardEngine

/// One thread's share of the data plane: an engine, the sockets of its gateways, and the memory
/// that packets pass through. It is created inside its thread and never leaves it.
struct Worker: ~Copyable {
    /// So that no gateway keeps the others waiting for more than this many full rings.
    private static let roundsPerTurn = 4
    /// Sent before the batch is full: one more run may add a message per datagram.
    private static let messagesPerFlush = 512
    /// No gateway has the last slot.
    static let inboxTag = UInt64.max

    let inbox: WorkerInbox
    let poll: EventPoll
    var engine = Engine(random: SystemRandom.source)
    var sockets = SocketTable()
    var io = IOCounters()
    var outgoing = OutgoingBatch()
    private let ring = ReceiveRing()
    private let transmitter = Transmitter()
    private let tags = UnsafeMutablePointer<UInt64>.allocate(capacity: EventPoll.capacity)
    private var isStopping = false

    /// - Parameter poll: watches the inbox, with `inboxTag`.
    init(inbox: WorkerInbox, poll: EventPoll) {
        self.inbox = inbox
        self.poll = poll
    }

    deinit { tags.deallocate() }

    /// Until the inbox is closed.
    mutating func run() {
        while !isStopping {
            for index in 0..<poll.wait(until: engine.nextDeadline, into: tags) {
                if tags[index] == Self.inboxTag {
                    serveInbox()
                } else {
                    forward(from: GatewayHandle(tag: tags[index]))
                }
            }
            fireTimers()
        }
        sockets.shutAll()
    }

    /// A turn of one gateway: receive, let the engine work, send.
    private mutating func forward(from gateway: GatewayHandle) {
        guard let socket = sockets[gateway] else { return }
        for _ in 0..<Self.roundsPerTurn {
            let count = ring.receive(from: socket)
            guard count > 0 else {
                if count < 0, -count != EAGAIN, -count != EINTR { io.receiveErrors &+= 1 }
                return
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
            guard Int(count) == ring.capacity else { return }
        }
    }

    private mutating func fireTimers() {
        guard let deadline = engine.nextDeadline else { return }
        let moment = BootClock.moment
        guard deadline <= moment.now else { return }
        engine.fireTimers(at: moment, into: &outgoing)
        flush()
    }

    private mutating func serveInbox() {
        let (requests, isLast) = inbox.take()
        for request in requests { serve(request) }
        isStopping = isLast
    }

    mutating func flushIfFilling() {
        guard outgoing.messages.count >= Self.messagesPerFlush else { return }
        flush()
    }

    /// Sends the batch; groups of neighbours with one gateway leave through its socket together.
    mutating func flush() {
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
                    transmitter.send(group, slices: slices, through: socket, counting: &io)
                } else {
                    for message in group {
                        io.unsent.noSocket &+= UInt64(message.segmentCount)
                    }
                }
                start = end
            }
        }
        outgoing.clear()
    }
}

extension GatewayHandle {
    init(tag: UInt64) {
        self.init(
            slot: UInt32(truncatingIfNeeded: tag >> 32),
            generation: UInt32(truncatingIfNeeded: tag)
        )
    }

    var tag: UInt64 { UInt64(slot) << 32 | UInt64(generation) }
}

extension IOCounters {
    fileprivate mutating func recordReceived(_ run: DatagramRun) {
        let size = max(run.segmentSize, 1)
        receivedDatagrams &+= UInt64(max((run.bytes.count + size - 1) / size, 1))
        receivedBytes &+= UInt64(run.bytes.count)
    }
}
