import Glibc
import SystemIO
import TestSupport
import Testing

@Suite("Programs are run to their end")
struct ProgramResultTests {
    private func shell(_ script: String, input: String = "") throws -> ProgramResult {
        try ProgramResult.of(
            ["/nonexistent", "/bin/sh"],
            ["-c", script],
            input: Array(input.utf8)
        )
    }

    @Test("a program gets its input, and its output, errors and status are answered")
    func whole() throws {
        let input = String(repeating: "line\n", count: 50_000)
        let result = try shell("cat; echo why >&2; exit 7", input: input)
        #expect(result.status == 7)
        #expect(result.output == Array(input.utf8))
        #expect(result.errors == Array("why\n".utf8))
        #expect(try shell("kill -TERM $$").status == -SIGTERM)
    }

    @Test("a program inherits neither descriptors nor secrets of the environment")
    func inheritance() throws {
        let descriptor = open("/dev/null", O_RDONLY)
        defer { close(descriptor) }
        #expect(try shell("ls /proc/$$/fd").output == Array("0\n1\n2\n".utf8))
        let variables = String(decoding: try shell("env").output, as: UTF8.self)
            .split(separator: "\n").map { $0.prefix { $0 != "=" } }
        #expect(Set(variables).isSubset(of: ["PATH", "LC_ALL", "PWD", "_", "SHLVL", "OLDPWD"]))
    }

    @Test("a program that is not there, or says more than is wanted, is an error")
    func errors() {
        #expect(throws: ProgramError.notFound) { try ProgramResult.of(["/nonexistent"], []) }
        #expect(throws: ProgramError.failed("it said more than 3 bytes")) {
            try ProgramResult.of(["/bin/sh"], ["-c", "echo four"], limit: 3)
        }
    }
}
