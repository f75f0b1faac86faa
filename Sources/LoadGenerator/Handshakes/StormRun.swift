import SystemIO
import WireGuardEngine

/// A storm of valid peers, and the attacker's flood beside it, for a number of seconds.
struct StormRun: ~Copyable {
    /// Not counted, in nanoseconds: the hub asks for cookies first.
    static let warmUp: UInt64 = 300_000_000
    /// Nanoseconds between the small pieces in which a flood is sent.
    static let floodInterval: UInt64 = 100_000

    private struct Reading {
        let moment: UInt64
        let tally: StormTally
        let attackSent: Int
        let usage: GatewayUsage?
    }

    private var storm: HandshakeStorm
    private var flood: InitiationFlood?
    private var attackSent = 0
    private let gatewayPID: Int32?
    private let startedAt: UInt64
    private let endsAt: UInt64
    private var first: Reading?
    private var last: Reading?

    init(
        _ storm: consuming HandshakeStorm,
        beside flood: consuming InitiationFlood?,
        from now: UInt64,
        seconds: Double,
        gatewayPID: Int32?
    ) {
        self.storm = storm
        self.flood = flood
        self.gatewayPID = gatewayPID
        startedAt = now
        endsAt = now + Self.warmUp + UInt64(seconds * 1e9)
    }

    var isOver: Bool { last != nil }

    /// One step; waits for answers until `moment` at most.
    mutating func turn(
        until moment: UInt64,
        on sockets: borrowing StormSockets,
        into buffers: borrowing ReceiveBuffers
    ) throws(LoadError) {
        let now = BootClock.nanoseconds
        if first == nil, now >= startedAt + Self.warmUp { first = try reading(at: now) }
        if last == nil, now >= endsAt || storm.isOver { last = try reading(at: now) }
        guard last == nil else { return }
        var soon = endsAt
        if let sent = flood?.turn(at: now, into: buffers) {
            attackSent = sent
            soon = now + Self.floodInterval
        }
        storm.turn(until: min(moment, soon), on: sockets, into: buffers)
    }

    private func reading(at now: UInt64) throws(LoadError) -> Reading {
        var usage: GatewayUsage?
        if let gatewayPID { usage = try GatewayUsage(pid: gatewayPID) }
        return Reading(
            moment: now,
            tally: storm.tally,
            attackSent: attackSent,
            usage: usage
        )
    }

    /// Of the time between warm-up and end.
    ///
    /// - Parameter countsUsage: whether the hub did nothing else meanwhile.
    func result(countsUsage: Bool) throws(LoadError) -> StormResult {
        guard let first, let last, last.moment > first.moment else {
            throw LoadError("the storm was over before it was measured; give more --seconds")
        }
        let completed = last.tally.completed - first.tally.completed
        var cpu: Double?
        if countsUsage, let before = first.usage, let after = last.usage, completed > 0 {
            cpu = (after.totalSeconds - before.totalSeconds) / Double(completed) * 1000
        }
        let seconds = Double(last.moment - first.moment) / 1e9
        return StormResult(
            startedPerSecond: Double(last.tally.sent - first.tally.sent) / seconds,
            completedPerSecond: Double(completed) / seconds,
            unanswered: last.tally.unanswered - first.tally.unanswered,
            cookies: last.tally.cookies,
            refused: last.tally.refused,
            attackPerSecond: Double(last.attackSent - first.attackSent) / seconds,
            latency: LatencySummary(last.tally.latency),
            gatewaySecondsPerThousand: cpu
        )
    }
}

/// What a hub did in a storm.
package struct StormResult: Sendable {
    package let startedPerSecond: Double
    package let completedPerSecond: Double
    /// Initiations without an answer for a second.
    package let unanswered: Int
    /// Demands to prove an address with a cookie, those of the warm-up included.
    package let cookies: Int
    /// Answers that were forged or fit no initiation.
    package let refused: Int
    package let attackPerSecond: Double
    /// From the initiation to the response.
    package let latency: LatencySummary?
    /// All that the hub used meanwhile, an attack included.
    package let gatewaySecondsPerThousand: Double?
}
