import Testing

@testable import wgw

@Suite("What wgw doctor prints")
struct DoctorReportTests {
    private static let results: [CheckResult] = [
        .ok(.server, "http://127.0.0.1:8080 answers."),
        .warning(
            .socketBuffers,
            "Gateways want socket buffers of 8 MiB, and the system gives less than that to each of them.",
            nextStep: "Raise the limits.",
            command:
                "sudo sysctl -w net.core.rmem_max=8388608 net.core.wmem_max=8388608 and-more-words"
        ),
        .error(
            .ports,
            "All UDP ports are in use.",
            nextStep: "Give the server a larger port-range."
        ),
    ]

    private static func text(
        _ format: OutputFormat,
        width: Int? = nil,
        hasColors: Bool = false
    ) throws -> String {
        let screen = Screen(isTerminal: width != nil, width: width, hasColors: hasColors)
        return MachineCheck.text(
            of: results,
            as: try Report(as: format.rawValue, on: screen)
        )
    }

    @Test("a report fits its terminal, but for commands, which are whole on a line")
    func page() throws {
        #expect(
            try Self.text(.table, width: 60) == """
                ok       server          http://127.0.0.1:8080 answers.
                warning  socket_buffers  Gateways want socket buffers of 8
                                         MiB, and the system gives less than
                                         that to each of them.
                                         Raise the limits.
                                           sudo sysctl -w net.core.rmem_max=8388608 net.core.wmem_max=8388608 and-more-words
                error    ports           All UDP ports are in use.
                                         Give the server a larger
                                         port-range.

                1 error, 1 warning.

                """
        )
        #expect(
            try Self.text(.table).contains("of 8 MiB, and the system gives less than that to each")
        )
    }

    @Test("colours are for the severity alone, and only where the terminal has them")
    func colours() throws {
        let text = try Self.text(.table, width: 200, hasColors: true)
        #expect(text.contains("\u{1B}[31merror"))
        #expect(try !Self.text(.table, width: 200).contains("\u{1B}"))
    }

    @Test("programs get each check as an object with a code, a severity and what to do")
    func objects() throws {
        let lines = try Self.text(.jsonl).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(
            lines[0]
                == #"{"code":"server","severity":"ok","message":"http://127.0.0.1:8080 answers.","next_step":null,"command":null}"#
        )
        #expect(try Self.text(.json).hasPrefix("[\n  {\n    \"code\": \"server\","))
        #expect(try Self.text(.yaml).contains("code: socket_buffers"))
        #expect(try Self.text(.name) == "server\nsocket_buffers\nports\n")
    }
}
