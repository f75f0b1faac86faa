/// A Curve25519 point: who a peer is. Not secret.
public struct PublicKey: Hashable, Sendable {
    /// The 32 bytes as they stand in memory and on the wire.
    private var first: UInt64 = 0
    private var second: UInt64 = 0
    private var third: UInt64 = 0
    private var fourth: UInt64 = 0

    public static let zero = PublicKey()

    public init(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == 32)
        withUnsafeMutableBytes(of: &self) { $0.copyMemory(from: bytes) }
    }

    /// Exactly the 44 characters that `base64` writes.
    public init?(base64: String) {
        guard withUnsafeMutableBytes(of: &self, { Base64Key.decode(base64, into: $0) }) else {
            return nil
        }
    }

    private init() {}

    public var base64: String {
        withBytes { Base64Key.encode($0) }
    }

    public var isZero: Bool {
        self == .zero
    }

    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try withUnsafeBytes(of: self, body)
    }
}

extension PublicKey: CustomStringConvertible {
    public var description: String {
        base64
    }
}
