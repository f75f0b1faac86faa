import NetAddress

@testable import WireGuardEngine

/// Nodes, a wire with latency, loss, reordering and duplication, and a clock that jumps to the
/// next moment at which anything happens. The same seed gives the same run.
final class Simulation {
    struct Wire {
        var latency = Interval.milliseconds(10)
        /// Added at random, which reorders.
        var jitter = Interval.milliseconds(0)
        var lossPerMille: UInt64 = 0
        var duplicationPerMille: UInt64 = 0
    }

    private struct InTransit {
        let arrives: Instant
        /// Breaks ties in the order of sending.
        let number: UInt64
        let datagram: Datagram
    }

    let random: SeededRandom
    var wire = Wire()
    /// Sees every datagram before the wire does; false loses it.
    var passes: (Datagram) -> Bool = { _ in true }
    /// Everything that was sent, lost or not.
    private(set) var log: [(at: Instant, datagram: Datagram)] = []
    static let start = Instant(nanoseconds: 1_000_000_000_000)
    private(set) var now = Simulation.start
    /// What the wall clock shows at `now`; a test may make it jump.
    var wallOffset: Int64 = 1_700_000_000_000_000_000
    private(set) var nodes: [SimulatedNode] = []
    /// The clock jumped over deadlines, so those may lie in the past.
    private var isLate = false
    private var transit: [InTransit] = []
    private var count: UInt64 = 0

    init(seed: UInt64 = 1) {
        random = SeededRandom(seed: seed)
    }

    var moment: Moment {
        Moment(
            now: now,
            wall: WallTime(nanoseconds: UInt64(Int64(now.nanoseconds) + wallOffset))
        )
    }

    func add(_ node: SimulatedNode) { nodes.append(node) }

    func transmit(_ datagrams: [Datagram]) {
        for datagram in datagrams {
            log.append((now, datagram))
            guard passes(datagram) else { continue }
            if random.happens(perMille: wire.lossPerMille) { continue }
            let copies = random.happens(perMille: wire.duplicationPerMille) ? 2 : 1
            for _ in 0..<copies {
                let extra =
                    wire.jitter.nanoseconds == 0 ? 0 : random.below(wire.jitter.nanoseconds)
                count += 1
                transit.append(
                    InTransit(
                        arrives: now + wire.latency + Interval(nanoseconds: extra),
                        number: count,
                        datagram: datagram
                    )
                )
            }
        }
    }

    func send(_ packet: [UInt8], from node: SimulatedNode) {
        transmit(node.send(packet, at: moment))
    }

    /// Lets this much time pass.
    func run(for interval: Interval) {
        let end = now + interval
        while let next = nextEvent, next <= end { step(to: next) }
        now = end
    }

    /// Runs until the wire is empty, at most this long. Timers later than that stay unfired.
    func settle(within limit: Interval = .seconds(4)) {
        let end = now + limit
        while !transit.isEmpty, let next = nextEvent, next <= end { step(to: next) }
    }

    /// Lets time pass up to this moment after the simulation's start.
    func run(until elapsed: Interval) {
        let end = Self.start + elapsed
        precondition(end >= now)
        run(for: Interval(nanoseconds: end.nanoseconds - now.nanoseconds))
    }

    /// Since the simulation's start.
    var elapsed: Interval { now.since(Self.start) }

    /// Moves the monotonic clock alone, backwards too, and fires nothing: what became due is late.
    func jump(to moment: Instant) {
        now = moment
        isLate = true
    }

    func forgetLog() { log.removeAll() }

    /// When these datagrams were sent, since the start.
    func times(_ matches: (Datagram) -> Bool) -> [Interval] {
        log.filter { matches($0.datagram) }.map { $0.at.since(Self.start) }
    }

    private var nextEvent: Instant? {
        let events = transit.map(\.arrives) + nodes.compactMap { $0.engine.nextDeadline }
        return events.min().map { isLate ? max($0, now) : $0 }
    }

    private func step(to next: Instant) {
        // A time to be woken at is not in the past, except for what became due in this instant.
        precondition(next >= now, "an engine asked to be woken in the past")
        now = next
        isLate = false
        let due = transit.filter { $0.arrives <= now }
            .sorted { ($0.arrives, $0.number) < ($1.arrives, $1.number) }
        transit.removeAll { $0.arrives <= now }
        for item in due {
            let datagram = item.datagram
            for node in nodes where node.gateway(at: datagram.to) != nil {
                transmit(
                    node.receive(
                        datagram.bytes,
                        from: datagram.from,
                        to: datagram.to,
                        at: moment
                    )
                )
            }
        }
        for node in nodes {
            guard let deadline = node.engine.nextDeadline, deadline <= now else { continue }
            transmit(node.fireTimers(at: moment))
            if let after = node.engine.nextDeadline {
                precondition(after > now, "a timer that is due stays due after it fired")
            }
        }
    }
}
