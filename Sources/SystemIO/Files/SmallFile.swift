import Glibc

/// A file that an operator names and that is read whole: a key, a certificate, a config. What is larger than
/// any good one is not read to its end.
package enum SmallFile {
    package static func read(_ path: String, atMost limit: Int) throws(SmallFileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno) }
        defer { close(descriptor) }
        return try read(descriptor, atMost: limit)
    }

    /// What an open file has from here to its end.
    ///
    /// - Parameter size: how many bytes that probably are. With room for them no copy of a secret is left
    ///   behind by an array that grows.
    package static func read(
        _ descriptor: Int32,
        atMost limit: Int,
        expecting size: Int = 0
    ) throws(SmallFileError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(size, limit) + 1)
        var piece = [UInt8](repeating: 0, count: min(limit + 1, 1 << 16))
        defer { piece.wipe() }
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(errno) }
            guard count > 0 else { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
        }
    }
}

package enum SmallFileError: Error, Equatable, CustomStringConvertible {
    case system(Int32)
    case tooLarge(limit: Int)

    package var description: String {
        switch self {
        case .system(let number): String(cString: strerror(number))
        case .tooLarge(let limit): "it has more than \(limit) bytes"
        }
    }
}

extension [UInt8] {
    /// For what was secret.
    package mutating func wipe() {
        withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            explicit_bzero(start, bytes.count)
        }
    }
}
