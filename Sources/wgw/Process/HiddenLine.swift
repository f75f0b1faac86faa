import CommandLineProgram
import Glibc

/// A line that a terminal does not show while a person types it.
enum HiddenLine {
    /// - Returns: nil for Control-C, the end of the input, and more than `limit` bytes.
    static func ask(
        _ question: String,
        on terminal: Int32,
        showing output: OutputFile,
        atMost limit: Int
    ) throws -> [UInt8]? {
        var shown = termios()
        guard tcgetattr(terminal, &shown) == 0 else {
            throw CommandFailure(
                "the terminal cannot be asked: \(String(cString: strerror(errno)))"
            )
        }
        var hidden = shown
        // Control-C comes as a character, too: ending here would leave the terminal without its echo.
        hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
        tcsetattr(terminal, TCSAFLUSH, &hidden)
        defer { tcsetattr(terminal, TCSAFLUSH, &shown) }
        try output.write(question)
        let answer = read(from: terminal, atMost: limit)
        try output.write("\n")
        return answer
    }

    private static func read(from terminal: Int32, atMost limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count <= limit {
            let count = Glibc.read(terminal, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1, byte != 0x03 else { return nil }
            if byte == UInt8(ascii: "\n") { return bytes }
            bytes.append(byte)
        }
        return nil
    }
}
