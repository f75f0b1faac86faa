import GatewayDomain

/// What one gateway or peer carried, in steps of `TrafficHistory.finestStep` seconds, as far back as
/// `TrafficHistory.longestSeconds`. Pure: every function is told the time.
///
/// A step has a number, its time divided by its length. Only steps in which something was counted are
/// kept, so that a silent gateway takes no memory.
struct TrafficSeries: Sendable {
    private static let finest = Int64(TrafficHistory.finestStep)
    static let mostSteps = TrafficHistory.longestSeconds / finest
    /// A clock that is corrected by no more than this goes on in the step that it was in.
    private static let smallCorrection: Int64 = 3
    /// Bounds the memory where packets of a gateway are dropped for many reasons at once.
    private static let mostDrops = 2 * Int(mostSteps)

    /// By their numbers, which grow.
    private(set) var steps: [PackedStep] = []
    private(set) var drops: [PackedDrops] = []
    /// The reasons for drops that there were, which `drops` names by their index.
    private var reasons: [String] = []
    /// Since when it is counted. Later than it was where the clock was set back behind it.
    private(set) var knownSince: Timestamp

    init(at now: Timestamp) {
        knownSince = now
    }

    mutating func add(
        _ counts: TrafficCounts,
        drops added: [String: UInt64] = [:],
        at now: Timestamp
    ) {
        let number = advance(to: now)
        if counts != TrafficCounts() {
            if steps.last?.number != number { steps.append(PackedStep(number: number)) }
            steps[steps.count - 1].add(counts)
        }
        for (reason, count) in added where count > 0 { add(count, dropped: reason, number) }
    }

    private mutating func add(_ count: UInt64, dropped reason: String, _ number: Int64) {
        let index = reasons.firstIndex(of: reason) ?? reasons.count
        guard let byte = UInt8(exactly: index) else { return }
        if index == reasons.count { reasons.append(reason) }
        // Behind the last entry of an earlier step are those of this one.
        let last = drops.lastIndex { $0.number != number || $0.reason == byte }
        if let last, drops[last].number == number {
            drops[last].add(count)
        } else {
            if drops.count == Self.mostDrops { drops.removeFirst(Self.mostDrops / 10) }
            drops.append(PackedDrops(number: number, reason: byte, count: count))
        }
    }

    /// What is asked for, of what is known, in whole steps.
    func history(_ window: TrafficWindow, knownSince limit: Timestamp, at now: Timestamp)
        -> TrafficHistory
    {
        let length = Int64(window.step)
        let known = max(knownSince, limit)
        let end = Self.number(of: now, length)
        let oldest = now.advanced(bySeconds: -TrafficHistory.longestSeconds)
        var start = max(
            Self.number(notBefore: known, length),
            Self.number(notBefore: oldest, length)
        )
        switch window.start {
        case nil: break
        case .time(let time): start = max(start, Self.number(of: time, length))
        case .seconds(let seconds):
            let time = now.advanced(bySeconds: -min(seconds, TrafficHistory.longestSeconds))
            start = max(start, Self.number(of: time, length))
        }
        start = min(start, end)

        let count = Int(end - start)
        let index = { (number: Int64) -> Int? in
            let index = number * Self.finest / length - start
            return (0..<Int64(count)).contains(index) ? Int(index) : nil
        }
        var counts = [TrafficCounts](repeating: TrafficCounts(), count: count)
        for step in steps {
            if let index = index(step.number) { counts[index] += step.counts }
        }
        var dropped: [String: [UInt64]] = [:]
        for drop in drops {
            guard let index = index(drop.number) else { continue }
            dropped[
                reasons[Int(drop.reason)],
                default: Array(repeating: 0, count: count)
            ][index] += UInt64(drop.count)
        }
        return TrafficHistory(
            knownSince: known,
            since: Self.time(of: start, length),
            until: Self.time(of: end, length),
            step: window.step,
            counts: counts,
            drops: dropped.sorted { $0.key < $1.key }.map {
                TrafficHistory.Drops(reason: $0.key, counts: $0.value)
            }
        )
    }

    /// What was counted in a second of the latest step that has ended.
    func rate(at now: Timestamp) -> TrafficCounts {
        let number = Self.number(of: now, Self.finest) - 1
        guard let counts = steps.last(where: { $0.number <= number }), counts.number == number
        else { return TrafficCounts() }
        return counts.counts.divided(by: UInt64(Self.finest))
    }

    /// Forgets what is too old, and what a clock that was set back has not reached yet.
    ///
    /// - Returns: the number of the step that is counted in.
    private mutating func advance(to now: Timestamp) -> Int64 {
        var number = Self.number(of: now, Self.finest)
        let newest = max(steps.last?.number ?? .min, drops.last?.number ?? .min)
        if newest > number {
            if newest - number <= Self.smallCorrection {
                number = newest
            } else {
                steps.removeAll { $0.number > number }
                drops.removeAll { $0.number > number }
            }
        }
        if knownSince > now.advanced(bySeconds: Self.smallCorrection * Self.finest) {
            knownSince = now
        }
        forget(before: number - Self.mostSteps)
        return number
    }

    /// A hundredth of the steps at once, so that moving the others is paid for by many calls.
    private mutating func forget(before number: Int64) {
        guard let oldest = steps.first?.number, oldest < number - Self.mostSteps / 100 else {
            if let oldest = drops.first?.number, oldest < number - Self.mostSteps / 100 {
                drops.removeAll { $0.number < number }
            }
            return
        }
        steps.removeAll { $0.number < number }
        drops.removeAll { $0.number < number }
    }

    /// That of the step in which a moment lies.
    private static func number(of time: Timestamp, _ length: Int64) -> Int64 {
        let divisor = length * 1_000_000
        let quotient = time.microseconds / divisor
        return time.microseconds < quotient * divisor ? quotient - 1 : quotient
    }

    /// That of the first step that begins at a moment or later.
    private static func number(notBefore time: Timestamp, _ length: Int64) -> Int64 {
        let number = number(of: time, length)
        return self.time(of: number, length) == time ? number : number + 1
    }

    private static func time(of number: Int64, _ length: Int64) -> Timestamp {
        Timestamp(microseconds: number * length * 1_000_000)
    }
}

/// A step in 32 bytes, of which a gateway may have two thousand.
struct PackedStep: Sendable {
    private let packedNumber: Int32
    private var handshakes: UInt32 = 0
    private var rxPackets: UInt32 = 0
    private var txPackets: UInt32 = 0
    private var rxBytes: UInt64 = 0
    private var txBytes: UInt64 = 0

    init(number: Int64) {
        packedNumber = Int32(clamping: number)
    }

    var number: Int64 { Int64(packedNumber) }

    var counts: TrafficCounts {
        TrafficCounts(
            rxBytes: rxBytes,
            txBytes: txBytes,
            rxPackets: UInt64(rxPackets),
            txPackets: UInt64(txPackets),
            handshakes: UInt64(handshakes)
        )
    }

    mutating func add(_ counts: TrafficCounts) {
        rxBytes &+= counts.rxBytes
        txBytes &+= counts.txBytes
        rxPackets = UInt32(clamping: UInt64(rxPackets) &+ counts.rxPackets)
        txPackets = UInt32(clamping: UInt64(txPackets) &+ counts.txPackets)
        handshakes = UInt32(clamping: UInt64(handshakes) &+ counts.handshakes)
    }
}

/// The packets of a step that were dropped for one reason.
struct PackedDrops: Sendable {
    private let packedNumber: Int32
    private(set) var count: UInt32
    let reason: UInt8

    init(number: Int64, reason: UInt8, count: UInt64) {
        packedNumber = Int32(clamping: number)
        self.reason = reason
        self.count = UInt32(clamping: count)
    }

    var number: Int64 { Int64(packedNumber) }

    mutating func add(_ added: UInt64) {
        count = UInt32(clamping: UInt64(count) &+ added)
    }
}
