import GatewayDomain
import Logging
import Testing

@testable import wgw

struct StructuredLogTests {
    @Test("a log event is one line of time, level, message and sorted pairs")
    func shape() {
        #expect(
            line("packets dropped", ["replayed": "2", "gateway": "g-1"])
                == "1970-01-01T00:00:01.000000Z info packets dropped gateway=g-1 replayed=2\n"
        )
    }

    @Test(
        "a log value that could be taken for something else is quoted",
        arguments: [
            ("", #""""#), ("two words", #""two words""#), ("a=b", #""a=b""#),
            (#"say "x""#, #""say \"x\"""#), ("line\nbreak", #""line\nbreak""#),
            ("\u{1b}[31m", #""\u{1B}[31m""#),
        ]
    )
    func quoting(value: String, written: String) {
        #expect(line("m", ["k": "\(value)"]).hasSuffix(" m k=\(written)\n"))
    }

    private func line(_ message: String, _ metadata: Logger.Metadata) -> String {
        StructuredLog.line(
            for: LogEvent(
                level: .info,
                message: "\(message)",
                metadata: nil,
                source: nil,
                file: "",
                function: "",
                line: 0
            ),
            metadata: metadata,
            at: Timestamp(microseconds: 1_000_000)
        )
    }
}
