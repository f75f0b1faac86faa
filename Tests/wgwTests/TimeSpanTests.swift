import Testing

@testable import wgw

struct TimeSpanTests {
    @Test(
        "a length of time is a number and a unit",
        arguments: [("90s", 90), ("15m", 900), ("1h", 3_600), ("7d", 604_800), ("0s", 0)]
            as [(String, Int64)]
    )
    func units(text: String, seconds: Int64) {
        let span = TimeSpan(argument: text)
        #expect(span?.seconds == seconds)
        #expect(span?.duration == .seconds(seconds))
        #expect(span?.description == text)
    }

    @Test(
        "what is not a length of time is refused, and so are more than a hundred years",
        arguments: [
            "", "h", "1", "-1h", "+1h", "1.5h", "1 h", "1w", "36526d", "99999999999999999999s",
            "٣s",
        ]
    )
    func malformed(text: String) {
        #expect(TimeSpan(argument: text) == nil)
    }

    @Test(
        "a word for the shell stands in quotes where the shell would read it as something else",
        arguments: [
            ("laptop", "laptop"), ("my laptop", "'my laptop'"), ("it's", "'it'\\''s'"),
            ("$(x)", "'$(x)'"), ("", "''"),
        ]
    )
    func shellWords(text: String, word: String) {
        #expect(text.shellWord == word)
    }
}
