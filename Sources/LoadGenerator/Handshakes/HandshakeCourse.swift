import SystemIO
package import WireGuardCrypto
import WireGuardEngine

/// A measurement in three parts of equal length: a stream of data alone, a storm of handshakes
/// alone, and both at once. The first pair carries the data, the others make the storm.
package struct HandshakeCourse: ~Copyable {
    private let options: HandshakeOptions
    private let hub: PublicIdentity
    private let curveNanoseconds: Double
    private let peers: [StormPeer]
    private let sockets: StormSockets
    private let buffers: ReceiveBuffers

    package static func run(
        _ options: HandshakeOptions,
        hub: PublicKey,
        peers: [BenchDirectory.Peer]
    ) throws -> HandshakeReport {
        try options.check(pairs: peers.count / 2)
        return try LoadRun.onOwnThread(processor: options.processor) {
            var data = LoadOptions(target: options.target)
            data.gatewayPID = options.gatewayPID
            var generator = try Generator(
                data,
                through: .gateways(PairSides(both: hub)),
                peers: Array(peers.prefix(2))
            )
            return try HandshakeCourse(options, hub: hub, peers: peers).run(beside: &generator)
        }
    }

    private init(
        _ options: HandshakeOptions,
        hub: PublicKey,
        peers: [BenchDirectory.Peer]
    ) throws {
        let curveNanoseconds = CurveCost.measure()
        let wanted = options.rate ?? 1.1 * Self.expectedRate(curveNanoseconds)
        try options.check(pairs: peers.count / 2, for: wanted)
        let most = try StormSockets.maximumCount() - InitiationFlood.senders
        let count = min(most, HandshakeOptions.peers(for: wanted))
        var storming: [StormPeer] = []
        for peer in peers.dropFirst(2).prefix(count) {
            storming.append(try StormPeer(peer.privateKey, hub: hub))
        }
        sockets = try StormSockets(
            target: options.target,
            sources: options.sourcePrefix,
            count: storming.count
        )
        self.options = options
        self.hub = PublicIdentity(hub)
        self.curveNanoseconds = curveNanoseconds
        self.peers = storming
        buffers = ReceiveBuffers()
    }

    private func run(beside generator: inout Generator) throws(LoadError) -> HandshakeReport {
        try generator.connect()
        let before = try generator.throughput(for: options.seconds)
        let alone = try storm()
        var run = try prepare()
        var due: UInt64 = 0
        let during = try generator.throughput(for: options.seconds) { now throws(LoadError) in
            guard now >= due, !run.isOver else { return due }
            try run.turn(until: now, on: sockets, into: buffers)
            due = now + StormRun.floodInterval
            return due
        }
        while !run.isOver {
            try run.turn(until: .max, on: sockets, into: buffers)
        }
        return HandshakeReport(
            options: options,
            stormingPeers: peers.count,
            curveNanoseconds: curveNanoseconds,
            alone: alone,
            besideData: try run.result(countsUsage: false),
            gigabitsPerSecondBefore: before / 1e9,
            gigabitsPerSecondDuring: during / 1e9
        )
    }

    private func storm() throws(LoadError) -> StormResult {
        var run = try prepare()
        while !run.isOver {
            try run.turn(until: .max, on: sockets, into: buffers)
        }
        return try run.result(countsUsage: true)
    }

    /// Writes all initiations of a storm, and starts it.
    private func prepare() throws(LoadError) -> StormRun {
        let seconds = options.seconds + Double(StormRun.warmUp) / 1e9
        let rate = options.rate ?? 1.25 * Self.expectedRate(curveNanoseconds)
        let stock = try InitiationStock(
            count: Int((rate * seconds).rounded(.up)),
            peers: peers,
            hub: hub.publicKey
        )
        var flood: InitiationFlood?
        if let attack = options.attack {
            flood = try InitiationFlood(
                attack,
                rate: options.attackRate,
                on: options.target,
                sources: options.sourcePrefix,
                from: peers.count,
                against: hub
            )
        }
        // Late answers to the storm before.
        sockets.drain(into: buffers)
        let now = BootClock.nanoseconds
        flood?.start(at: now)
        let storm = HandshakeStorm(
            stock,
            of: peers,
            to: hub,
            pace: options.rate.map { .rate($0) } ?? .asFastAsAnswered,
            at: now
        )
        return StormRun(
            storm,
            beside: flood,
            from: now,
            seconds: options.seconds,
            gatewayPID: options.gatewayPID
        )
    }

    /// Handshakes a second of a hub that spends all its time on curve arithmetic: three
    /// operations, and a key pair that costs less than half of one.
    private static func expectedRate(_ curveNanoseconds: Double) -> Double {
        1e9 / (3.4 * curveNanoseconds)
    }
}
