/// How much one gateway may receive before the next one of its worker is served, in one or more receive calls.
///
/// It is counted in datagrams: a run is up to 64 of them, so that as many runs as there are buffers take milliseconds,
/// for which every other gateway of the worker would wait. A call cannot be told how many datagrams it may bring: a sender
/// that has single ones come before long runs gets the first call and one of all buffers.
struct ReceiveShare {
    /// The receive call that brings this many is the last one.
    static let datagrams = 128
    /// Buffers of the first call: where each of them holds a run, they are a whole turn.
    static let firstLimit = 8
    /// Enough for a turn of single datagrams.
    private static let calls = 5

    /// How many runs the next call may bring.
    private(set) var limit = Self.firstLimit
    private(set) var isOver = false
    private let buffers: Int
    private var received = 0
    private var call = 0

    init(buffers: Int) { self.buffers = buffers }

    /// Fewer runs than the limit are all that had come.
    mutating func took(runs: Int, datagrams: Int) {
        received += datagrams
        call += 1
        isOver = runs < limit || received >= Self.datagrams || call == Self.calls
        limit = buffers
    }
}
