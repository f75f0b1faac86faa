import SystemIO
import WireGuardCrypto
import WireGuardEngine

/// The peers of one gateway that start handshakes in a storm, and their sockets.
struct HandshakeCrowd: ~Copyable {
    private let options: HandshakeOptions
    private let hub: PublicIdentity
    private let peers: [StormPeer]
    private let sockets: StormSockets
    private let buffers = ReceiveBuffers()
    /// What one operation of the curve takes on this machine.
    let curveNanoseconds: Double

    /// As many of the peers as the rate takes, and this process may have sockets.
    init(
        _ options: HandshakeOptions,
        hub: PublicKey,
        peers: ArraySlice<BenchDirectory.Peer>
    ) throws {
        let curveNanoseconds = CurveCost.measure()
        let wanted = options.rate ?? 1.1 * Self.expectedRate(curveNanoseconds)
        try options.check(pairs: peers.count / 2 + 1, for: wanted)
        let most = try StormSockets.maximumCount() - InitiationFlood.senders
        let count = min(most, HandshakeOptions.peers(for: wanted))
        var storming: [StormPeer] = []
        for peer in peers.prefix(count) {
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
    }

    var count: Int { peers.count }

    /// Writes all initiations of a storm, and starts it.
    func prepare() throws(LoadError) -> StormRun {
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

    /// One step of a storm; waits for answers until `moment` at most.
    func turn(_ run: inout StormRun, until moment: UInt64) throws(LoadError) {
        try run.turn(until: moment, on: sockets, into: buffers)
    }

    /// Handshakes a second of a hub that spends all its time on curve arithmetic: three
    /// operations, and a key pair that costs less than half of one.
    private static func expectedRate(_ curveNanoseconds: Double) -> Double {
        1e9 / (3.4 * curveNanoseconds)
    }
}
