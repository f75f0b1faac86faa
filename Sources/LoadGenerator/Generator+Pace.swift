import SystemIO
import WireGuardEngine

/// When the next burst leaves.
extension Generator {
    /// What else the thread has to do: called often with the time, in nanoseconds, it says until
    /// when it can wait.
    typealias SideWork = (_ now: UInt64) throws(LoadError) -> UInt64

    /// As fast as the hub delivers: the next burst leaves when there is room in the window.
    mutating func sendAtWill(
        for duration: UInt64,
        beside other: SideWork = { _ throws(LoadError) in .max }
    ) throws(LoadError) {
        var window = FlightWindow(burst: options.burst, maximum: options.window)
        let start = BootClock.nanoseconds
        var lastDelivery = start
        var missing = sink.tally.missing
        while true {
            let now = BootClock.nanoseconds
            guard now - start < duration else { return }
            let hasRoom = underWay + options.burst <= window.size
            if hasRoom {
                prepare()
                try sendPrepared()
            }
            let before = sink.tally.delivered
            let arrived = try receive() > 0
            let delivered = sink.tally.delivered - before
            window.delivered(Int(delivered))
            if sink.tally.missing > missing { window.lost() }
            missing = sink.tally.missing
            try keepAlive(at: now)
            let otherDue = try other(now)
            if delivered > 0 { lastDelivery = now }
            guard !arrived, !hasRoom else { continue }
            if now - lastDelivery > options.stall {
                writeOff()
                window.lost()
                missing = sink.tally.missing
                lastDelivery = now
            } else if now - lastDelivery > Self.spin {
                sockets.wait(untilNanoseconds: min(now + Self.nap, otherDue))
            }
        }
    }

    /// A burst at a time at even intervals, whatever the hub does.
    mutating func sendPaced(for duration: UInt64, rate: Double) throws(LoadError) {
        let start = BootClock.nanoseconds
        var pace = pace(rate, from: start)
        while true {
            // Sealed beforehand, so that it leaves on time.
            prepare()
            let due = pace.due
            guard due < start + duration else { break }
            var now = BootClock.nanoseconds
            while now < due {
                if try receive() == 0, due - now > Self.spin {
                    sockets.wait(untilNanoseconds: due - Self.spin / 2)
                }
                now = BootClock.nanoseconds
            }
            guard now - start < duration else { return }
            try keep(&pace, at: now)
        }
        while BootClock.nanoseconds < start + duration {
            sockets.wait(untilNanoseconds: start + duration)
            _ = try receive()
        }
    }

    /// - Parameter rate: packets a second.
    func pace(_ rate: Double, from start: UInt64) -> BurstSchedule {
        BurstSchedule(start: start, interval: Double(options.burst) / rate * 1e9)
    }

    /// Sends the burst that is due, and takes what has arrived.
    ///
    /// - Returns: when the next burst is due.
    @discardableResult
    mutating func keep(_ pace: inout BurstSchedule, at now: UInt64) throws(LoadError) -> UInt64 {
        if pace.due <= now {
            prepare()
            try sendPrepared()
            pace.bursts += 1
        }
        _ = try receive()
        try keepAlive(at: now)
        return pace.due
    }

    /// Bursts at even intervals, in nanoseconds. One that is late does not move those behind it.
    struct BurstSchedule {
        let start: UInt64
        let interval: Double
        fileprivate(set) var bursts = 0.0

        var due: UInt64 { start + UInt64(bursts * interval) }
    }

    /// Nanoseconds: what is this near is waited for without sleeping.
    private static var spin: UInt64 { 150_000 }
    private static var nap: UInt64 { 1_000_000 }

    private var underWay: Int {
        let gone = sink.tally.delivered + sink.tally.missing
        return sent > gone ? Int(sent - gone) : 0
    }
}
