import Glibc

/// One line from a descriptor, without its end. It is read byte by byte: what stands behind it is not this
/// reader's.
enum InputLine {
    /// The line does not end within the limit.
    struct TooLong: Error {}

    enum End {
        case line
        /// The descriptor has no more.
        case input
        /// The byte that stops the reader.
        case stop
    }

    static func read(
        from descriptor: Int32,
        atMost limit: Int,
        stoppingAt stop: UInt8? = nil
    ) throws(TooLong) -> (bytes: [UInt8], end: End) {
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            var byte: UInt8 = 0
            let count = Glibc.read(descriptor, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return (bytes, .input) }
            if byte == stop { return (bytes, .stop) }
            if byte == UInt8(ascii: "\n") { return (bytes, .line) }
            bytes.append(byte)
        }
        throw TooLong()
    }
}
