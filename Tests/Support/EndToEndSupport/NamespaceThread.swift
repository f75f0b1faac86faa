import Foundation
import Glibc

/// A thread in a network namespace: the sockets and devices that it opens are there, and the threads that it starts.
package enum NamespaceThread {
    /// - Parameter name: of one that `ip netns` knows; nil makes one that ends with the thread and with what was
    ///   opened there.
    package static func run<Value: Sendable>(
        in name: String? = nil,
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        try enter(name)
                        return try body()
                    }
                )
            }
        }
    }

    private static let network: Int32 = 0x4000_0000

    /// Moves the calling thread, which has to be one that ends soon.
    ///
    /// - Parameter name: nil for a new one.
    package static func enter(_ name: String?) throws {
        guard let name else {
            typealias Unshare = @convention(c) (Int32) -> Int32
            return try check(try call("unshare", as: Unshare.self)(network))
        }
        let descriptor = open("/var/run/netns/\(name)", O_RDONLY | O_CLOEXEC)
        try check(descriptor)
        defer { close(descriptor) }
        typealias SetNamespace = @convention(c) (Int32, Int32) -> Int32
        try check(try call("setns", as: SetNamespace.self)(descriptor, network))
    }

    /// Swift's Glibc module lacks these functions.
    private static func call<Function>(_ name: String, as type: Function.Type) throws -> Function {
        guard let symbol = dlsym(nil, name) else { throw POSIXError(.ENOSYS) }
        return unsafeBitCast(symbol, to: type)
    }

    private static func check(_ status: Int32) throws {
        guard status >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }
}
