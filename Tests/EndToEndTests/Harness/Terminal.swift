import Glibc

/// A terminal that the test is the screen of.
final class Terminal {
    /// What the program has as its standard input, output and error.
    let far: Int32
    private let near: Int32
    private var text: [UInt8] = []

    init() throws {
        near = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        var name = [CChar](repeating: 0, count: 128)
        guard near >= 0, grantpt(near) == 0, unlockpt(near) == 0,
            ptsname_r(near, &name, name.count) == 0
        else {
            throw Command.Failure(description: "no terminal: \(String(cString: strerror(errno)))")
        }
        far = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard far >= 0 else {
            throw Command.Failure(description: "no terminal: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        close(near)
        close(far)
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
