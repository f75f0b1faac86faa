/// Tells which numbers of a stream, each sent once and in order, arrive skipped, late or twice.
package struct CounterWindow {
    package enum Arrival: Equatable {
        /// Higher than all before it; `skipped` numbers between them did not arrive.
        case newest(skipped: UInt64)
        /// After a higher one.
        case late
        case duplicate
    }

    /// Numbers further behind than this cannot be told from duplicates, and are called late.
    package static let width: UInt64 = 1024
    private static let wordCount = 17

    /// A ring of words, one more than the window, since moving on clears whole words.
    private var words = [17 of UInt64](repeating: 0)
    /// The highest number seen, plus one.
    package private(set) var next: UInt64 = 0

    package init() {}

    package mutating func record(_ number: UInt64) -> Arrival {
        let word = Int(number / 64 % UInt64(Self.wordCount))
        let bit: UInt64 = 1 << (number % 64)
        if number >= next {
            let skipped = number - next
            advance(to: number)
            words[word] |= bit
            return .newest(skipped: skipped)
        }
        guard next - number <= Self.width else { return .late }
        guard words[word] & bit == 0 else { return .duplicate }
        words[word] |= bit
        return .late
    }

    private mutating func advance(to number: UInt64) {
        let previous = next == 0 ? 0 : (next - 1) / 64
        let steps = min(number / 64 - previous, UInt64(Self.wordCount))
        var step: UInt64 = 0
        while step < steps {
            step += 1
            words[Int((previous + step) % UInt64(Self.wordCount))] = 0
        }
        next = number &+ 1
    }
}
