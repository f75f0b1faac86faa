public import NetAddress

/// What went wrong with a peer, from which a diagnosis is made. Only peers that had any trouble have it.
/// Its size does not depend on what they send.
public struct PeerTrouble: Sendable {
    private var notes = DropNotes()
    /// Initiations of the peer that were accepted and answered, while the peer did not use the answer:
    /// it did not get it, or refused it, as it does where the preshared keys differ. Counted since the
    /// last complete handshake.
    public private(set) var unusedAnswers = Occurrences()
    /// Answers of the peer to our initiations that could not be opened, which is what another preshared
    /// key does. Counted since the last complete handshake.
    public private(set) var refusedAnswers = Occurrences()
    /// Our initiations that the peer did not answer, since the last complete handshake.
    public private(set) var unansweredCalls = Occurrences()
    /// Nil while the time stamps of the peer's initiations go forward.
    public private(set) var backwardClock: BackwardClock?
    /// By how many seconds the clock of the peer was ahead of ours at its last accepted initiation;
    /// only where that is more than `notableClockOffset`.
    public private(set) var clockOffset: Int64?
    public private(set) var moves: EndpointMoves?
    /// The next report has to have it.
    var isReportDue = false

    static let notableClockOffset: Int64 = 60

    /// The newest kinds of packets that were dropped.
    public var dropNotes: [DropNote] { notes.list }

    /// How often something happened, and when it last did.
    public struct Occurrences: Sendable {
        public private(set) var count: UInt64 = 0
        public private(set) var last: WallTime?

        mutating func add(at time: WallTime) {
            count &+= 1
            last = time
        }
    }

    /// Initiations whose time stamps are not later than that of an earlier one, which is what a clock
    /// that was set back does, and what an attacker does who repeats an old initiation.
    public struct BackwardClock: Sendable {
        public fileprivate(set) var occurrences = Occurrences()
        /// How many seconds the newest of them is behind the newest accepted one.
        public fileprivate(set) var secondsBehind: Int64
        /// Each came with a later stamp than the one before, as from a clock that runs.
        public fileprivate(set) var isAdvancing: Bool
        /// Where the newest of them came from.
        public fileprivate(set) var source: Endpoint
        fileprivate var stamp: TAI64N
    }

    /// How often the peer was heard from another outer address or port than before.
    public struct EndpointMoves: Sendable {
        public fileprivate(set) var occurrences = Occurrences()
        /// Moves to where the move before had come from: two devices with one key are heard in turns.
        public fileprivate(set) var returns = Occurrences()
        /// The last move.
        public fileprivate(set) var from: Endpoint
        public fileprivate(set) var to: Endpoint
        /// How long nothing was heard before the last move, in seconds.
        public fileprivate(set) var silence: UInt64
        /// Whether the peer was called in vain before the last move.
        public fileprivate(set) var followsUnansweredCalls: Bool
    }
}

extension PeerTrouble {
    mutating func dropped(_ note: DropNote) { notes.add(note) }

    mutating func answerWasNotUsed(at time: WallTime) { unusedAnswers.add(at: time) }

    mutating func answerWasRefused(at time: WallTime) { refusedAnswers.add(at: time) }

    mutating func callWasNotAnswered(at time: WallTime) { unansweredCalls.add(at: time) }

    mutating func stampWentBack(
        to stamp: TAI64N,
        from newest: TAI64N,
        source: Endpoint,
        at time: WallTime
    ) {
        var clock =
            backwardClock
            ?? BackwardClock(secondsBehind: 0, isAdvancing: true, source: source, stamp: stamp)
        if clock.occurrences.count > 0 {
            clock.isAdvancing = clock.isAdvancing && stamp > clock.stamp
        }
        clock.occurrences.add(at: time)
        clock.secondsBehind = newest.seconds(since: stamp)
        clock.source = source
        clock.stamp = stamp
        backwardClock = clock
    }

    /// An initiation with this stamp was accepted.
    mutating func stampWasAccepted(offset: Int64) {
        backwardClock = nil
        clockOffset = offset.magnitude > Self.notableClockOffset ? offset : nil
    }

    mutating func handshakeIsComplete() {
        unusedAnswers = Occurrences()
        refusedAnswers = Occurrences()
        unansweredCalls = Occurrences()
    }

    mutating func moved(
        from old: Endpoint,
        to new: Endpoint,
        lastSeen: WallTime?,
        at time: WallTime
    ) {
        let heard = lastSeen?.nanoseconds ?? time.nanoseconds
        let silence = time.nanoseconds > heard ? time.nanoseconds - heard : 0
        var moves =
            moves
            ?? EndpointMoves(from: old, to: new, silence: 0, followsUnansweredCalls: false)
        if moves.occurrences.count > 0, new == moves.from { moves.returns.add(at: time) }
        moves.occurrences.add(at: time)
        moves.from = old
        moves.to = new
        moves.silence = silence / 1_000_000_000
        moves.followsUnansweredCalls = unansweredCalls.count > 0
        self.moves = moves
    }
}
