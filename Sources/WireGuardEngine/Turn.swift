/// One turn of a driver at the engine: the present, and what the engine wants sent. It goes through every step that
/// may send; a step that needs the time alone takes the time alone.
///
/// A driver has one turn, whose memory it uses again: it sets the moment before each batch of calls, and clears
/// `outgoing` when that is sent. What is counted stands elsewhere: at the gateways and peers, which several workers
/// count for and reports are read from.
public struct Turn: ~Copyable {
    /// Read once per batch.
    public var moment: Moment
    public var outgoing: OutgoingBatch

    public init(at moment: Moment, filling outgoing: consuming OutgoingBatch = OutgoingBatch()) {
        self.moment = moment
        self.outgoing = outgoing
    }

    @inline(__always)
    var now: Instant { moment.now }

    @inline(__always)
    var wall: WallTime { moment.wall }
}
