import Foundation
import Glibc

/// An address and a port of either family, as the calls of sockets take them.
struct SocketName {
    private var storage = sockaddr_storage()
    private var length: socklen_t

    init(_ address: String, port: UInt16) throws {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address, "\(port)", &hints, &found) == 0, let found else {
            throw POSIXError(.EINVAL)
        }
        defer { freeaddrinfo(found) }
        length = found.pointee.ai_addrlen
        memcpy(&storage, found.pointee.ai_addr, Int(length))
    }

    var family: Int32 { Int32(storage.ss_family) }

    /// It is at one place for both families.
    var port: UInt16 {
        withUnsafeBytes(of: storage) {
            UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self))
        }
    }

    mutating func with(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    mutating func fill(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> Int32 {
        withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                withUnsafeMutablePointer(to: &length) { body(name, $0) }
            }
        }
    }
}

extension SocketName {
    /// A socket of the name's family.
    ///
    /// - Parameter seconds: how long it waits for each piece, either way.
    func socket(_ kind: __socket_type, waiting seconds: Int) throws -> Int32 {
        let type = Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(family, type, 0)
        try Self.check(descriptor)
        var timeout = timeval(tv_sec: seconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            try Self.check(setsockopt(descriptor, SOL_SOCKET, option, &timeout, size))
        }
        return descriptor
    }

    static func check(_ status: Int32) throws {
        guard status >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }
}
