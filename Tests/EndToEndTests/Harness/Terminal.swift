import Glibc
import TestSupport

/// A terminal that the test is the screen of.
final class Terminal {
    /// What the program has as its standard input, output and error.
    let far: Int32
    private let near: Int32
    private var text: [UInt8] = []

    init() throws {
        near = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        var (locked, number) = (Int32(0), UInt32(0))
        // TIOCSPTLCK and TIOCGPTN: it is opened for others, and has a number (ioctl_tty(2)).
        guard near >= 0, ioctl(near, 0x4004_5431, &locked) == 0,
            ioctl(near, 0x8004_5430, &number) == 0
        else {
            throw Command.Failure(description: "no terminal: \(String(cString: strerror(errno)))")
        }
        far = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard far >= 0 else {
            throw Command.Failure(description: "no terminal: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        close(near)
        close(far)
    }

    /// Types what a person at the keyboard would.
    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(near, bytes, bytes.count)
    }

    func resize(columns: UInt16, rows: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(near, UInt(TIOCSWINSZ), &size)
    }

    /// All that was shown so far.
    func read() -> String {
        var piece = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = Glibc.read(near, &piece, piece.count)
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text += piece[..<count]
        }
    }
}
