import DataPlane
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
    private let ring = ReceiveRing()
    private var generator: Generator

    package static func run(
        _ options: HandshakeOptions,
        hub: PublicKey,
        peers: [BenchDirectory.Peer]
    ) throws -> HandshakeReport {
        try options.check(pairs: peers.count / 2)
        return try LoadRun.onOwnThread(processor: options.processor) {
            var course = try HandshakeCourse(options, hub: hub, peers: peers)
            return try course.run()
        }
    }

    private init(
        _ options: HandshakeOptions,
        hub: PublicKey,
        peers: [BenchDirectory.Peer]
    ) throws {
        self.options = options
        self.hub = PublicIdentity(hub)
        curveNanoseconds = CurveCost.measure()
        let wanted = options.rate ?? 1.1 * Self.expectedRate(curveNanoseconds)
        try options.check(pairs: peers.count / 2, for: wanted)
        let most = try StormSockets.maximumCount() - InitiationFlood.senders
        var storming: [StormPeer] = []
        for peer in peers.dropFirst(2).prefix(min(most, HandshakeOptions.peers(for: wanted))) {
            storming.append(try StormPeer(peer.privateKey, hub: hub))
        }
        self.peers = storming
        sockets = try StormSockets(
            target: options.target,
            sources: options.sourcePrefix,
            count: storming.count
        )
        var load = LoadOptions(target: options.target)
        load.seconds = options.seconds
        load.gatewayPID = options.gatewayPID
        generator = try Generator(load, hub: hub, peers: Array(peers.prefix(2)))
    }

    private mutating func run() throws(LoadProblem) -> HandshakeReport {
        try generator.connect()
        let before = try generator.throughput(for: options.seconds) { _ in }
        let alone = try storm()
        var run = try prepare()
        var failure: LoadProblem?
        let during = try generator.throughput(for: options.seconds) { now in
            do throws(LoadProblem) {
                try run.turn(until: now, on: sockets, into: ring)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        while !run.isOver {
            try run.turn(until: .max, on: sockets, into: ring)
        }
        return HandshakeReport(
            options: options,
            stormingPeers: peers.count,
            curveNanoseconds: curveNanoseconds,
            alone: alone,
            besideData: try run.result(),
            gigabitsPerSecondBefore: before,
            gigabitsPerSecondDuring: during
        )
    }

    private func storm() throws(LoadProblem) -> StormResult {
        var run = try prepare()
        while !run.isOver {
            try run.turn(until: .max, on: sockets, into: ring)
        }
        return try run.result()
    }

    /// Writes all initiations of a storm, and starts it.
    private func prepare() throws(LoadProblem) -> StormRun {
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
        let now = BootClock.now.nanoseconds
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

    /// Handshakes a second of a hub that spends its time on nothing but curve arithmetic: three
    /// operations, and a key pair that costs less than half of one.
    private static func expectedRate(_ curveNanoseconds: Double) -> Double {
        1e9 / (3.4 * curveNanoseconds)
    }
}
