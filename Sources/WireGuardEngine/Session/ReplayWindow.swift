/// Which of the newest 8 192 counters of a session have arrived, §5.4.6, as a ring of words
/// (RFC 6479): moving on clears whole words, so one word more than the window is kept.
struct ReplayWindow: ~Copyable {
    static let width: UInt64 = 8192
    private static let wordCount: UInt64 = width / 64 + 1

    private let words: UnsafeMutablePointer<UInt64>
    /// The highest counter accepted plus one; zero before the first.
    private var next: UInt64 = 0

    init() {
        words = .allocate(capacity: Int(Self.wordCount))
        words.initialize(repeating: 0, count: Int(Self.wordCount))
    }

    deinit { words.deallocate() }

    /// Asked before the packet is authenticated, which costs more. Changes nothing.
    @inline(__always)
    borrowing func mayAccept(_ counter: UInt64) -> Bool {
        guard counter < next else { return counter < Constant.rejectAfterMessages }
        guard next - counter <= Self.width else { return false }
        return words[Self.word(counter)] & Self.bit(counter) == 0
    }

    /// Marks a counter whose packet has authenticated. `mayAccept` said yes.
    @inline(__always)
    mutating func accept(_ counter: UInt64) {
        if counter >= next {
            advance(to: counter)
        }
        words[Self.word(counter)] |= Self.bit(counter)
    }

    private mutating func advance(to counter: UInt64) {
        let newest = counter / 64
        // Before the first counter, `next - 1` would wrap around: start at word zero.
        let previous = next == 0 ? 0 : (next - 1) / 64
        let steps = min(newest - previous, Self.wordCount)
        var step: UInt64 = 0
        while step < steps {
            step += 1
            words[Int((previous + step) % Self.wordCount)] = 0
        }
        next = counter + 1
    }

    @inline(__always)
    private static func word(_ counter: UInt64) -> Int { Int((counter / 64) % wordCount) }

    @inline(__always)
    private static func bit(_ counter: UInt64) -> UInt64 { 1 << (counter % 64) }
}
