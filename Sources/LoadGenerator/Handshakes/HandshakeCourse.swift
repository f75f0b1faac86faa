import SystemIO
package import WireGuardCrypto
import WireGuardEngine

/// A measurement in three parts of equal length: a stream of data alone, a storm of handshakes
/// alone, and both at once. The first pair carries the data, the others make the storm.
package struct HandshakeCourse: ~Copyable {
    private let options: HandshakeOptions
    private let crowd: HandshakeCrowd

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
        self.options = options
        crowd = try HandshakeCrowd(options, hub: hub, peers: peers.dropFirst(2))
    }

    private func run(beside generator: inout Generator) throws(LoadError) -> HandshakeReport {
        try generator.connect()
        let before = try generator.throughput(for: options.seconds)
        try generator.drain()
        let alone = try storm()
        var run = try crowd.prepare()
        var due: UInt64 = 0
        let during = try generator.throughput(for: options.seconds) { now throws(LoadError) in
            guard now >= due, !run.isOver else { return due }
            try crowd.turn(&run, until: now)
            due = now + StormRun.floodInterval
            return due
        }
        try generator.drain()
        while !run.isOver { try crowd.turn(&run, until: .max) }
        return HandshakeReport(
            options: options,
            stormingPeers: crowd.count,
            curveNanoseconds: crowd.curveNanoseconds,
            alone: alone,
            besideData: try run.result(countsUsage: false),
            gigabitsPerSecondBefore: before / 1e9,
            gigabitsPerSecondDuring: during / 1e9
        )
    }

    private func storm() throws(LoadError) -> StormResult {
        var run = try crowd.prepare()
        while !run.isOver { try crowd.turn(&run, until: .max) }
        return try run.result(countsUsage: true)
    }
}
