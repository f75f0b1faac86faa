@testable import WireGuardCrypto

/// The in-place calls on arrays.
extension ChaCha20Poly1305 {
    init(key: [UInt8], by cipher: Cipher = .current) {
        self = SecretKey(key).withBytes { ChaCha20Poly1305(key: $0, by: cipher) }
    }

    func sealed(_ plain: [UInt8], counter: UInt64, additional: [UInt8]? = nil) -> [UInt8] {
        var bytes = plain + Array(repeating: 0xaa, count: Self.tagLength)
        if let additional {
            additional.withUnsafeBytes {
                seal(&bytes, count: plain.count, counter: counter, additional: $0)
            }
        } else {
            seal(&bytes, count: plain.count, counter: counter)
        }
        return bytes
    }

    /// Nil when refused.
    func opened(_ sealed: [UInt8], counter: UInt64, additional: [UInt8]? = nil) -> [UInt8]? {
        var bytes = sealed
        let isGenuine =
            additional?.withUnsafeBytes {
                open(&bytes, count: sealed.count, counter: counter, additional: $0)
            } ?? open(&bytes, count: sealed.count, counter: counter)
        return isGenuine ? Array(bytes.dropLast(Self.tagLength)) : nil
    }
}
