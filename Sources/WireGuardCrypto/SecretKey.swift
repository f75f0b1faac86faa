import Glibc

/// 32 secret bytes: a private, preshared or chaining key, or a shared secret.
///
/// They live at one place in memory, are never moved, and are wiped when the last reference goes.
/// The memory is written in `init` only; that makes the unchecked `Sendable` true.
public final class SecretKey: @unchecked Sendable {
    public static let length = 32

    private let bytes: UnsafeMutableRawBufferPointer

    /// The closure gets 32 zero bytes to write the key into.
    public init(filledBy fill: (UnsafeMutableRawBufferPointer) -> Void) {
        bytes = .allocate(byteCount: Self.length, alignment: MemoryLayout<UInt64>.alignment)
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        fill(bytes)
    }

    public convenience init(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == Self.length)
        self.init { $0.copyMemory(from: bytes) }
    }

    /// Exactly the 44 characters that `base64` writes.
    public convenience init?(base64: String) {
        var isKey = false
        self.init { isKey = Base64Key.decode(base64, into: $0) }
        guard isKey else { return nil }
    }

    deinit {
        if let start = bytes.baseAddress { explicit_bzero(start, bytes.count) }
        bytes.deallocate()
    }

    /// The secret in plain text, for the one place that has to write it down.
    public var base64: String {
        withBytes { Base64Key.encode($0) }
    }

    public func withBytes<R: ~Copyable>(
        _ body: (UnsafeRawBufferPointer) throws -> R
    ) rethrows -> R {
        try withExtendedLifetime(self) { try body(UnsafeRawBufferPointer(bytes)) }
    }

    /// Takes the same time wherever the two differ.
    public func equals(_ other: SecretKey) -> Bool {
        withBytes { own in
            other.withBytes { their in
                zip(own, their).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
            }
        }
    }
}

extension SecretKey: Equatable {
    public static func == (left: SecretKey, right: SecretKey) -> Bool {
        left.equals(right)
    }
}

extension SecretKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        "SecretKey(redacted)"
    }

    public var debugDescription: String {
        description
    }

    public var customMirror: Mirror {
        Mirror(self, children: [])
    }
}
