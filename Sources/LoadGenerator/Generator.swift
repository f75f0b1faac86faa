import SystemIO
import WireGuardCrypto
import WireGuardEngine

/// All peers of a run, on one thread: sends their packets, takes what arrives for them.
struct Generator: ~Copyable {
    /// Nanoseconds.
    private static let warmUp: UInt64 = 300_000_000
    /// Every peer is heard by the hub in this time, or the hub would suspect it of being gone.
    private static let keepalive: UInt64 = 8_000_000_000
    /// Calls of `receive` that come to one for sockets where nothing is sent to.
    private static let quietTurns: UInt64 = 32

    let options: LoadOptions
    let pairs: Int
    private let gateway: Intermediary
    private let peers: [BenchDirectory.Peer]
    let sockets: PeerSockets
    let streams: Streams
    let probe: ProbePacket
    let departures = Departures()
    private let buffers = ReceiveBuffers()
    var sessions: PeerSessions
    var writer: BurstWriter
    var sink: Sink
    var sent: UInt64 = 0
    private var nextStream = 0
    private var nextBurst: UInt32 = 0
    private var isPrepared = false
    private var keepalivesSent = 0
    private var startedAt: UInt64 = 0
    private var turn: UInt64 = 0

    /// What forwards packets between the peers of a pair.
    enum Intermediary {
        case gateways(PairSides<PublicKey>)
        /// Leaves the packets as they are: peers have their sessions with each other.
        case forwarder(Forwarder)
    }

    init(_ options: LoadOptions, through gateway: Intermediary, peers: [BenchDirectory.Peer]) throws
    {
        sockets = try PeerSockets(targets: options.targets, perSide: options.sockets)
        self.options = options
        self.gateway = gateway
        self.peers = peers
        pairs = peers.count / 2
        probe =
            switch gateway {
            case .gateways(let keys):
                ProbePacket(size: options.size, hops: keys.first == keys.second ? 1 : 2)
            case .forwarder: ProbePacket(size: options.size, hops: 0)
            }
        streams = Streams(peers: peers, bothWays: options.bothWays, probe: probe)
        var index: UInt32 = 0
        withUnsafeMutableBytes(of: &index) { SystemRandom.fill($0) }
        sessions = PeerSessions(count: peers.count, firstIndex: index)
        writer = BurstWriter(size: options.size, burst: options.burst)
        sink = Sink(verifyEvery: options.verifyEvery)
    }

    mutating func run() throws(LoadError) -> LoadReport {
        try connect()
        try send(for: Self.warmUp)
        try drain()
        let first = try measure()
        sink.latency.clear()
        try send(for: UInt64(options.seconds * 1e9))
        let last = try measure()
        try drain()
        return report(from: first, to: last)
    }

    /// Gives every peer its session.
    mutating func connect() throws(LoadError) {
        // Before anything is sent: a wrong process id should not cost a run.
        _ = try usage()
        switch gateway {
        case .gateways(let keys):
            var round = SessionRound(gateways: keys, peers: peers)
            try round.run(on: sockets, receivingInto: buffers, making: &sessions)
        case .forwarder(let forwarder):
            connectPeersToEachOther()
            forwarder.send(to: sockets.socket(ofPeer: 1).port)
        }
        startedAt = BootClock.nanoseconds
    }

    /// What the first peer seals the second opens, and the other way round.
    private mutating func connectPeersToEachOther() {
        let keys = (0..<2).map { _ in SecretKey { SystemRandom.fill($0) } }
        for number in 0..<2 {
            let keys = TransportKeys(
                sending: keys[number],
                receiving: keys[1 - number],
                remoteIndex: sessions.index(of: 1 - number)
            )
            sessions.insert(keys, for: number)
        }
    }

    /// Bits a second of inner packets that arrive within `seconds`, sent as fast as the hub forwards
    /// them, while `other` does its work between two bursts. What is still under way is left to `drain`.
    mutating func throughput(
        for seconds: Double,
        beside other: SideWork = { _ throws(LoadError) in .max }
    ) throws(LoadError) -> Double {
        try sendAtWill(for: Self.warmUp, beside: other)
        let before = sink.tally.delivered
        let start = BootClock.nanoseconds
        try sendAtWill(for: UInt64(seconds * 1e9), beside: other)
        let bits = Double(sink.tally.delivered - before) * Double(options.size) * 8
        return bits / (Double(BootClock.nanoseconds - start) / 1e9)
    }

    private mutating func send(for duration: UInt64) throws(LoadError) {
        if let rate = options.rate {
            try sendPaced(for: duration, rate: rate)
        } else {
            try sendAtWill(for: duration)
        }
    }

    /// Takes what is under way, until all is here or nothing more comes. Keepalives of the hub go on coming.
    mutating func drain() throws(LoadError) {
        var quietSince = BootClock.nanoseconds
        var delivered = sink.tally.delivered
        while sent > delivered {
            let now = BootClock.nanoseconds
            _ = try receive()
            if sink.tally.delivered > delivered {
                delivered = sink.tally.delivered
                quietSince = now
                continue
            }
            guard now - quietSince < options.stall else { break }
            sockets.wait(untilNanoseconds: now + 1_000_000)
        }
        writeOff()
    }

    /// Seals the next burst of the next stream, unless one waits.
    mutating func prepare() {
        guard !isPrepared else { return }
        isPrepared = true
        writer.prepare(
            options.burst,
            of: nextStream,
            in: streams,
            burst: nextBurst,
            with: sessions[streams[nextStream].pointee.sender],
            probe: probe
        )
    }

    mutating func sendPrepared() throws(LoadError) {
        departures[nextBurst] = BootClock.nanoseconds
        isPrepared = false
        try writer.send(through: sockets)
        sent += UInt64(options.burst)
        nextBurst &+= 1
        nextStream = nextStream + 1 == streams.count ? 0 : nextStream + 1
    }

    /// Takes one receive call's worth from every socket that packets are sent to, and now and then
    /// from the others, which get keepalives only. Returns how many messages came.
    mutating func receive() throws(LoadError) -> Int {
        var messages = 0
        turn &+= 1
        let isQuietTurn = options.bothWays || turn % Self.quietTurns == 0
        for number in (isQuietTurn ? 0 : sockets.perSide)..<sockets.all.count {
            let count = Int(max(buffers.receive(from: sockets.all[number]), 0))
            guard count > 0 else { continue }
            let now = BootClock.nanoseconds
            for index in 0..<count {
                guard let run = buffers.run(index), run.segmentSize > 0 else {
                    throw LoadError("a packet arrived that is larger than any packet can be")
                }
                messages += (run.bytes.count + run.segmentSize - 1) / run.segmentSize
                try sink.receive(
                    run.bytes,
                    segmentSize: run.segmentSize,
                    at: now,
                    for: sessions,
                    of: streams,
                    probe: probe,
                    departures: departures
                )
            }
        }
        return messages
    }

    /// Nothing of what was sent will come any more.
    mutating func writeOff() {
        var missing: UInt64 = 0
        for number in 0..<streams.count {
            let session = sessions[streams[number].pointee.receiver]
            let sent = streams[number].pointee.nextSequence
            let delivered = session.pointee.delivered
            session.pointee.missing = sent > delivered ? sent - delivered : 0
            missing += session.pointee.missing
        }
        sink.tally.missing = missing
    }

    /// Lets the hub hear of all peers, a few at a time.
    mutating func keepAlive(at now: UInt64) throws(LoadError) {
        let due = Int(Double(now - startedAt) / Double(Self.keepalive) * Double(peers.count))
        while keepalivesSent < due {
            let peer = keepalivesSent % peers.count
            try sockets.sendKeepalive(from: peer, on: sessions[peer])
            keepalivesSent += 1
        }
    }
}
