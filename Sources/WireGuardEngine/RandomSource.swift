/// Where the engine takes keys, indices and jitter from. The driver passes the system's generator,
/// a simulation a seeded one, so that a run can be repeated.
public struct RandomSource: Sendable {
    private let fill: @Sendable (UnsafeMutableRawBufferPointer) -> Void

    public init(_ fill: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Void) {
        self.fill = fill
    }

    func callAsFunction(_ bytes: UnsafeMutableRawBufferPointer) { fill(bytes) }

    func next() -> UInt64 {
        var value: UInt64 = 0
        withUnsafeMutableBytes(of: &value) { fill($0) }
        return value
    }
}
