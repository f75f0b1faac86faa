public import NetAddress

/// Between which addresses of the tunnel a lane is probed: from this gateway's to the other's.
public struct ProbePath: Hashable, Sendable {
    public var source: IPv4Address
    public var destination: IPv4Address

    public init(source: IPv4Address, destination: IPv4Address) {
        self.source = source
        self.destination = destination
    }
}

/// How a lane does, since it was installed.
public struct ProbeReport: Hashable, Sendable {
    /// Due ones: those that could not be sent for lack of a session, too.
    public internal(set) var sent: UInt64 = 0
    public internal(set) var answered: UInt64 = 0
    /// Of the newest answer.
    public internal(set) var lastRoundTrip: Interval?

    public init() {}
}

/// The probes of a lane: an echo request to the other gateway each second, in the tunnel. They measure the lane and keep
/// it up: without a session the next probe starts a handshake, and so do three probes in a row without an answer, as
/// the other side seems to have lost the session.
struct LaneProbes {
    static let interval = Interval.seconds(1)
    /// As many may go lost in a row before the session is doubted.
    private static let patience: UInt64 = 3
    /// Those whose answers are awaited, the newest ones.
    private static let window: UInt64 = 4

    let path: ProbePath
    private(set) var due: Instant
    private(set) var report = ProbeReport()
    private var sentAt = InlineArray<4, Instant>(repeating: .never)
    private var newestAnswered: UInt64 = 0

    /// One that is to be sent now.
    struct Probe {
        let path: ProbePath
        let number: UInt32
        /// The ones before it were not answered.
        let wantsSession: Bool
    }

    init(_ path: ProbePath, from now: Instant) {
        self.path = path
        due = now
    }

    /// Nil before its time.
    mutating func take(at now: Instant) -> Probe? {
        guard due.isDue(at: now) else { return nil }
        due = now + Self.interval
        let number = report.sent
        sentAt[Int(number % Self.window)] = now
        report.sent += 1
        return Probe(
            path: path,
            number: UInt32(truncatingIfNeeded: number),
            wantsSession: number - newestAnswered >= Self.patience
        )
    }

    /// An answer of this number came from an address of the tunnel. False where none is awaited: each counts once.
    mutating func answered(_ number: UInt32, from source: IPv4Address, at now: Instant) -> Bool {
        let age = UInt32(truncatingIfNeeded: report.sent) &- number
        guard source == path.destination, age >= 1, age <= UInt32(Self.window) else { return false }
        let place = Int((report.sent - UInt64(age)) % Self.window)
        guard sentAt[place] != .never else { return false }
        report.lastRoundTrip = now.since(sentAt[place])
        report.answered += 1
        sentAt[place] = .never
        newestAnswered = max(newestAnswered, report.sent - UInt64(age) + 1)
        return true
    }
}
