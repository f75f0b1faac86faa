/// How many packets may be under way when no rate is asked for: more while all goes well, fewer
/// after a loss, so that the hub is always busy and (almost) never overrun.
struct FlightWindow {
    /// This many windows must arrive before the window grows by a burst: losses should be rare.
    private static let caution = 16

    private let burst: Int
    private let maximum: Int
    private(set) var size: Int
    private var isProbing = true
    /// Deliveries that still make up for one more burst.
    private var credit = 0
    /// One loss is heard of more than once; it counts once per window.
    private var quietFor = 0

    init(burst: Int, maximum: Int) {
        self.burst = burst
        self.maximum = max(maximum, burst)
        size = min(2 * burst, self.maximum)
    }

    mutating func delivered(_ count: Int) {
        quietFor = max(quietFor - count, 0)
        guard size < maximum else { return }
        if isProbing {
            size = min(size + count, maximum)
            return
        }
        credit += count
        guard credit >= Self.caution * size else { return }
        credit = 0
        size = min(size + burst, maximum)
    }

    mutating func lost() {
        guard quietFor == 0 else { return }
        isProbing = false
        credit = 0
        quietFor = size
        size = max(size / 2, min(2 * burst, maximum))
    }
}
