import CommandLineProgram
import Glibc
import Synchronization

/// A terminal that one command fills: its second screen, without echo, read key by key.
final class FullScreen: Sendable {
    enum TopKey: Sendable {
        case quit, sort, up, down, pageUp, pageDown
    }

    private static let isResized = Atomic(false)
    private static let isEnded = Atomic(false)

    private let before: termios
    private let descriptor = STDOUT_FILENO

    /// Nil where standard input is not a terminal.
    init?() throws {
        var mode = termios()
        guard tcgetattr(STDIN_FILENO, &mode) == 0 else { return nil }
        before = mode
        mode.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG | IEXTEN)
        mode.c_iflag &= ~tcflag_t(IXON | ICRNL)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &mode)
        signal(SIGWINCH) { _ in FullScreen.isResized.store(true, ordering: .relaxed) }
        for number in [SIGTERM, SIGINT, SIGHUP] {
            signal(number) { _ in FullScreen.isEnded.store(true, ordering: .relaxed) }
        }
        // The second screen, without a cursor, and lines that are too long end at the edge.
        try OutputFile.standardOutput.write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l")
    }

    /// Gives the terminal back as it was.
    func end() {
        try? OutputFile.standardOutput.write("\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
        var mode = before
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &mode)
    }

    var size: (width: Int, height: Int) {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
        else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Puts these lines in the place of those that are shown, without an empty screen between.
    func show(_ lines: [String]) throws {
        // A line is emptied before it is written: the cursor stands on the last character of a full one.
        let text = lines.map { "\u{1B}[2K" + $0 }.joined(separator: "\r\n")
        try OutputFile.standardOutput.write("\u{1B}[H" + text)
    }

    enum Wake: Sendable, Equatable {
        case keys([TopKey])
        case resize
        case nothing
    }

    /// Waits for keys, at most this long. Blocks its thread.
    func wait(milliseconds: Int32) -> Wake {
        if Self.isEnded.load(ordering: .relaxed) { return .keys([.quit]) }
        if Self.isResized.exchange(false, ordering: .relaxed) { return .resize }
        var entry = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, milliseconds) > 0 else { return .nothing }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(STDIN_FILENO, &bytes, bytes.count)
        // The terminal is gone.
        guard count > 0 else { return .keys([.quit]) }
        return .keys(Self.keys(bytes[..<count]))
    }

    /// The keys that these bytes mean; others are passed over.
    static func keys(_ bytes: ArraySlice<UInt8>) -> [TopKey] {
        let sequences: [(String, TopKey)] = [
            ("\u{1B}[A", .up), ("\u{1B}OA", .up), ("\u{1B}[B", .down), ("\u{1B}OB", .down),
            ("\u{1B}[5~", .pageUp), ("\u{1B}[6~", .pageDown), ("q", .quit), ("Q", .quit),
            ("\u{03}", .quit), ("s", .sort), ("S", .sort), ("k", .up), ("j", .down),
            (" ", .pageDown),
        ]
        var keys: [TopKey] = []
        var rest = bytes
        while !rest.isEmpty {
            guard let (text, key) = sequences.first(where: { rest.starts(with: $0.0.utf8) }) else {
                rest = rest.dropFirst()
                continue
            }
            keys.append(key)
            rest = rest.dropFirst(text.utf8.count)
        }
        return keys
    }
}
