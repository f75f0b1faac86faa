/// A Curve25519 point: the identity of a peer. Not secret.
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

    /// Whether this is how X25519 writes the point: a number below 2²⁵⁵ − 19. As input it takes
    /// others too, whose highest bit it clears and which it reduces (RFC 7748, section 5).
    public var isCanonical: Bool {
        let (low, middle, high, highest) = words
        guard highest == .max >> 1, high == .max, middle == .max else {
            return highest <= .max >> 1
        }
        return low < Self.lowWordOfPrime
    }

    /// Whether every private key's shared secret with this point is zero, in whatever form the point
    /// is written. No private key has such a public key.
    public var isOfLowOrder: Bool {
        var (low, middle, high, highest) = words
        highest &= .max >> 1
        // The numbers that X25519 reduces are the prime and the 18 above it.
        if highest == .max >> 1, high == .max, middle == .max, low >= Self.lowWordOfPrime {
            (low, middle, high, highest) = (low - Self.lowWordOfPrime, 0, 0, 0)
        }
        return Self.pointsOfLowOrder.contains { $0 == (low, middle, high, highest) }
    }

    /// As a number, the lowest word first.
    private var words: (UInt64, UInt64, UInt64, UInt64) {
        (
            UInt64(littleEndian: first), UInt64(littleEndian: second),
            UInt64(littleEndian: third), UInt64(littleEndian: fourth)
        )
    }

    /// The number is 2²⁵⁵ − 19; its other words are all ones, but for the highest bit.
    private static let lowWordOfPrime = UInt64.max - 18

    /// The coordinates of order 1, 2, 4 and 8, on the curve and on its twist: 0, 1, −1 and two that
    /// have no shorter name.
    private static let pointsOfLowOrder: [(UInt64, UInt64, UInt64, UInt64)] = [
        (0, 0, 0, 0),
        (1, 0, 0, 0),
        (lowWordOfPrime - 1, .max, .max, .max >> 1),
        (
            0xaeb8_413b_7c7a_ebe0, 0x6ac4_9ff1_fae3_5616,
            0xfdb1_329c_eb8d_09da, 0x00b8_495f_1605_6286
        ),
        (
            0x248c_50a3_bc95_9c5f, 0x5bef_839c_55b1_d0b1,
            0x868e_1c58_c45c_4404, 0x5711_9fd0_dd4e_22d8
        ),
    ]

    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try withUnsafeBytes(of: self, body)
    }
}

extension PublicKey: CustomStringConvertible {
    public var description: String {
        base64
    }
}
