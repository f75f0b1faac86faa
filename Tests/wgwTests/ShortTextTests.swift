import CommandLineProgram
import GatewayDomain
import Testing

@testable import wgw

struct ShortTextTests {
    @Test("ages and counts of bytes take five columns at most, and round to the nearest")
    func columns() {
        let now = Timestamp(microseconds: 1_000_000_000_000_000)
        let ages: [(Int64, String)] = [
            (-5, "0s"), (0, "0s"), (59, "59s"), (60, "1m"), (3_599, "59m"), (3_600, "1h"),
            (86_399, "23h"), (86_400, "1d"), (86_400 * 999, "999d"),
        ]
        for (seconds, text) in ages {
            #expect(ShortText.age(of: now.advanced(bySeconds: -seconds), at: now) == text)
        }
        let counts: [(UInt64, String)] = [
            (0, "0"), (999, "999"), (1_000, "1.0K"), (1_536, "1.5K"), (10_239, "10K"),
            (1_048_576, "1.0M"), (.max, "16E"),
        ]
        for (bytes, text) in counts {
            #expect(ShortText.bytes(bytes) == text)
            #expect(text.count <= 5)
        }
    }

    @Test("text is wrapped between words, and a word longer than the line has a line of its own")
    func wrapping() {
        #expect("one two three".wrapped(to: 8) == ["one two", "three"])
        #expect("a verylongword b".wrapped(to: 4) == ["a", "verylongword", "b"])
        #expect("".wrapped(to: 4) == [])
    }
}
