import CommandLineProgram
import GatewayDeclaration
import Glibc

/// Where a declaration comes from.
struct DeclarationFile {
    /// A path, or `-` for standard input.
    let path: String

    /// As errors call it.
    var name: String { path == "-" ? "standard input" : path }

    var isStandardInput: Bool { path == "-" }

    /// The text, of which one byte more is read than a declaration may have.
    func read() throws(CommandFailure) -> String {
        let descriptor = isStandardInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable() }
        defer { if !isStandardInput { close(descriptor) } }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= Declaration.maximumBytes {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable() }
            if count == 0 { break }
            bytes += piece[..<count]
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure("\(name) is not a text in UTF-8; nothing was changed")
        }
        return text
    }

    private func unreadable() -> CommandFailure {
        CommandFailure("\(name) cannot be read: \(String(cString: strerror(errno)))")
    }
}
