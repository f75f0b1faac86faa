import Glibc

/// A descriptor that text is written to. Writing may fail: a command ends with that, a server goes on.
package struct OutputFile: Sendable {
    package static let standardOutput = OutputFile(
        descriptor: STDOUT_FILENO,
        name: "standard output"
    )
    package static let standardError = OutputFile(descriptor: STDERR_FILENO, name: "standard error")

    let descriptor: Int32
    let name: String

    package init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// A pipe that poll calls writable takes this many bytes without waiting: PIPE_BUF of Linux.
    private static let pieceLength = 4_096

    /// - Parameter patience: how long one piece may wait for a reader; nil for as long as it takes.
    package func write(_ text: String, patience: Duration? = nil) throws(OutputFailure) {
        try write([UInt8](text.utf8)[...], patience: patience)
    }

    package func write(
        _ bytes: ArraySlice<UInt8>,
        patience: Duration? = nil
    ) throws(OutputFailure) {
        var rest = bytes
        func failure(_ code: Int32) -> OutputFailure {
            OutputFailure(name: name, code: code, written: bytes.count - rest.count)
        }
        while !rest.isEmpty {
            if let patience, !isWritable(within: patience) { throw failure(EAGAIN) }
            let piece = patience == nil ? rest : rest.prefix(Self.pieceLength)
            let count = piece.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            switch (count, errno) {
            case (0..., _): rest = rest.dropFirst(count)
            case (_, EINTR): continue
            // Others may have made the open file one that does not block.
            case (_, EAGAIN):
                if !isWritable(within: patience) { throw failure(EAGAIN) }
            case (_, let code): throw failure(code)
            }
        }
    }

    /// An interrupted wait counts as one that has ended well: the write that follows finds out.
    private func isWritable(within patience: Duration?) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        let milliseconds = patience.map { Int32(clamping: Int($0 / .milliseconds(1))) } ?? -1
        return poll(&entry, 1, milliseconds) != 0
    }
}

/// Why a text was not written.
package struct OutputFailure: Error, CustomStringConvertible {
    let name: String
    let code: Int32
    /// Bytes of the text that were written.
    package let written: Int

    package var description: String { "\(name) cannot be written: \(reason)" }

    var isReaderGone: Bool { code == EPIPE }

    package var reason: String {
        code == EAGAIN ? "its reader does not read" : String(cString: strerror(code))
    }
}
