import SystemIO
package import WireGuardCrypto

/// What a busy tenant leaves of what a neighbour on the same node had. The neighbour's first pair sends at an even
/// rate; the tenant's peers send all they can, and then start all the handshakes they can.
package struct FairnessCourse: ~Copyable {
    /// Seconds in which the node does what follows when all peers of the tenant connect at once, which is not part of
    /// what their packets take.
    private static let settling = 2.0

    private let options: FairnessOptions
    private var neighbour: Generator

    /// A gateway and its peers, as its bench directory has them.
    package struct Site: Sendable {
        package let gateway: PublicKey
        package let peers: [BenchDirectory.Peer]

        package init(gateway: PublicKey, peers: [BenchDirectory.Peer]) {
            self.gateway = gateway
            self.peers = peers
        }
    }

    package static func run(
        _ options: FairnessOptions,
        neighbour: Site,
        tenant: Site
    ) throws -> FairnessReport {
        try options.check(tenant: tenant)
        return try LoadRun.onOwnThread(processor: options.processor) {
            var generator = try Generator(
                options.neighbourLoad,
                through: .gateways(PairSides(both: neighbour.gateway)),
                peers: Array(neighbour.peers.prefix(2))
            )
            try generator.connect()
            var course = FairnessCourse(options: options, neighbour: generator)
            return try course.run(beside: tenant)
        }
    }

    private mutating func run(beside tenant: Site) throws -> FairnessReport {
        let capacity = try neighbour.throughput(for: options.seconds)
        try neighbour.drain()
        let rate = options.share * capacity / 8 / Double(options.size)
        let alone = try neighbour.stream(rate, for: options.seconds)
        let packets = try besidePackets(of: tenant, rate)
        // Behind it: an admitted storm leaves the gateway wary of the next handshakes.
        let storm = try besideHandshakes(of: tenant, rate)
        return FairnessReport(
            options: options,
            tenantPeers: tenant.peers.count,
            capacityGigabitsPerSecond: capacity / 1e9,
            alone: alone,
            besidePackets: packets.stream,
            besideHandshakes: storm.stream,
            tenantGigabitsPerSecond: packets.tenantBits / 1e9,
            tenantHandshakesPerSecond: storm.handshakes
        )
    }

    /// All pairs of the tenant send, one burst after the other, as many packets as its gateway delivers.
    private mutating func besidePackets(
        of tenant: Site,
        _ rate: Double
    ) throws -> (stream: StreamReport, tenantBits: Double) {
        var busy = try Generator(
            options.tenantLoad,
            through: .gateways(PairSides(both: tenant.gateway)),
            peers: tenant.peers
        )
        try busy.connect()
        _ = try neighbour.stream(rate, for: Self.settling)
        var stream = neighbour.beginStream(rate)
        let bits = try busy.throughput(for: options.seconds) { now throws(LoadError) in
            try neighbour.keep(&stream.pace, at: now)
        }
        // The tenant's packets under way are not waited for: the neighbour's would wait with them.
        return (try neighbour.finish(stream), bits)
    }

    private mutating func besideHandshakes(
        of tenant: Site,
        _ rate: Double
    ) throws -> (stream: StreamReport, handshakes: Double) {
        let crowd = try HandshakeCrowd(
            options.tenantHandshakes,
            hub: tenant.gateway,
            peers: tenant.peers[...]
        )
        var run = try crowd.prepare()
        var stream = neighbour.beginStream(rate)
        while !run.isOver {
            let due = try neighbour.keep(&stream.pace, at: BootClock.nanoseconds)
            try crowd.turn(&run, until: min(due, BootClock.nanoseconds + StormRun.floodInterval))
        }
        return (try neighbour.finish(stream), try run.result(countsUsage: false).completedPerSecond)
    }
}

/// A neighbour's packets at an even rate, from their first burst on.
private struct EvenStream {
    var pace: Generator.BurstSchedule
    let sentBefore: UInt64
    let deliveredBefore: UInt64
}

extension Generator {
    fileprivate mutating func stream(
        _ rate: Double,
        for seconds: Double
    ) throws(LoadError) -> StreamReport {
        var stream = beginStream(rate)
        let end = stream.pace.start + UInt64(seconds * 1e9)
        while stream.pace.due < end {
            let due = try keep(&stream.pace, at: BootClock.nanoseconds)
            sockets.wait(untilNanoseconds: due)
        }
        return try finish(stream)
    }

    fileprivate mutating func beginStream(_ rate: Double) -> EvenStream {
        sink.latency.clear()
        return EvenStream(
            pace: pace(rate, from: BootClock.nanoseconds),
            sentBefore: sent,
            deliveredBefore: sink.tally.delivered
        )
    }

    fileprivate mutating func finish(_ stream: EvenStream) throws(LoadError) -> StreamReport {
        try drain()
        return StreamReport(
            sent: sent - stream.sentBefore,
            delivered: sink.tally.delivered - stream.deliveredBefore,
            seconds: Double(stream.pace.due - stream.pace.start) / 1e9,
            latency: LatencySummary(sink.latency)
        )
    }
}
