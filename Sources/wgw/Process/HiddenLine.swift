import CommandLineProgram
import Glibc

/// One line from a descriptor, without its end. A terminal does not show it while it is typed.
enum HiddenLine {
    enum Failure: Error {
        /// Control-C was typed, or the terminal is gone.
        case cancelled
        /// The line does not end within the limit.
        case tooLong
    }

    /// - Parameters:
    ///   - question: what a terminal shows in front of the answer.
    ///   - screen: where it shows it.
    static func read(
        _ question: String,
        from descriptor: Int32,
        on screen: OutputFile,
        atMost limit: Int
    ) throws(Failure) -> [UInt8] {
        var shown = termios()
        guard tcgetattr(descriptor, &shown) == 0 else {
            return try line(of: descriptor, atMost: limit, isTyped: false)
        }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
        // Control-C comes as a character, and at once, as if it ended the line: ending the process would
        // leave the terminal without its echo.
        withUnsafeMutableBytes(of: &hidden.c_cc) { $0[Int(VEOL)] = controlC }
        tcsetattr(descriptor, TCSAFLUSH, &hidden)
        defer {
            tcsetattr(descriptor, TCSAFLUSH, &shown)
            try? screen.write("\n")
        }
        try? screen.write(question)
        return try line(of: descriptor, atMost: limit, isTyped: true)
    }

    private static let controlC: UInt8 = 0x03

    private static func line(
        of descriptor: Int32,
        atMost limit: Int,
        isTyped: Bool
    ) throws(Failure) -> [UInt8] {
        do throws(InputLine.TooLong) {
            let (bytes, end) = try InputLine.read(
                from: descriptor,
                atMost: limit,
                stoppingAt: isTyped ? controlC : nil
            )
            if end == .line || (end == .input && !isTyped) { return bytes }
        } catch {
            throw .tooLong
        }
        throw .cancelled
    }
}
