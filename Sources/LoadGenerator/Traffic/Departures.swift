/// When each of the newest bursts left, by the burst's number: packets carry the number, because
/// the moment of leaving comes after they are sealed.
struct Departures: ~Copyable {
    private static let count = 1 << 16
    private let moments: UnsafeMutablePointer<UInt64>

    init() {
        moments = .allocate(capacity: Self.count)
        moments.initialize(repeating: 0, count: Self.count)
    }

    deinit { moments.deallocate() }

    @inline(__always)
    subscript(_ burst: UInt32) -> UInt64 {
        get { moments[Int(burst) % Self.count] }
        nonmutating set { moments[Int(burst) % Self.count] = newValue }
    }
}
