import CommandLineProgram
import Testing

struct ErrorTextTests {
    @Test("an error that quotes a server cannot move the cursor, ring, or set the terminal's title")
    func controls() {
        let lines = ["wgw: \u{1b}]0;title\u{7}\u{1b}[2Jé", "line\n2"]
        #expect(
            ProgramMain.errorText(lines)
                == "wgw: \\u{1b}]0;title\\u{7}\\u{1b}[2Jé\nline\\u{a}2\n"
        )
    }
}
