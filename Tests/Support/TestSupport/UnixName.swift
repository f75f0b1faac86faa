package import Glibc

/// A path as the calls of sockets take it.
package struct UnixName {
    private var storage = sockaddr_un()
    private let length: socklen_t

    /// - Parameter name: a path, or an abstract name behind `@`.
    package init(_ name: String) {
        let path = name.hasPrefix("@") ? [0] + Array(name.utf8.dropFirst()) : Array(name.utf8)
        storage.sun_family = sa_family_t(AF_UNIX)
        length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        withUnsafeMutableBytes(of: &storage.sun_path) { $0.copyBytes(from: path) }
    }

    /// Whether a program listens there.
    package var isListening: Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        return with { connect(descriptor, $0, $1) } == 0
    }

    package func with(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
