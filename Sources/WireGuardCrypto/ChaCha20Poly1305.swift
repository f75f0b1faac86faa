// The functions behind CBoringSSL are linked with this product, which does not export them.
import CBoringSSL
import CIPsecMB
import Crypto
import Glibc

/// The AEAD of RFC 8439 under one key, in place: on packets and in the handshake.
///
/// The key schedule lives in memory of its own that is written in `init` only, so threads may use
/// one value at the same time.
public struct ChaCha20Poly1305: ~Copyable, @unchecked Sendable {
    public static let keyLength = 32
    public static let tagLength = 16

    private let context: UnsafeMutablePointer<wgw_evp_aead_ctx>
    /// For the cipher that keeps no context. Nil where that is not used; BoringSSL's is there in any case, for
    /// additional data.
    private let plainKey: UnsafeMutablePointer<UInt8>?

    public init(key: UnsafeRawBufferPointer) { self.init(key: key, by: .current) }

    init(key: UnsafeRawBufferPointer, by cipher: Cipher) {
        precondition(key.count == Self.keyLength)
        if cipher == .boringSSL {
            plainKey = nil
        } else {
            let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.keyLength)
            UnsafeMutableRawBufferPointer(start: copy, count: Self.keyLength).copyMemory(from: key)
            plainKey = copy
        }
        context = .allocate(capacity: 1)
        context.initialize(to: wgw_evp_aead_ctx())
        let isReady = wgw_aead_ctx_init(
            context,
            wgw_aead_chacha20_poly1305(),
            key.bindMemory(to: UInt8.self).baseAddress,
            key.count,
            Self.tagLength,
            nil
        )
        precondition(isReady == 1, "BoringSSL refused a 32-byte key")
        precondition(
            context.pointee.tag_len == Self.tagLength,
            "BoringSSL's context has another layout"
        )
    }

    deinit {
        explicit_bzero(context, MemoryLayout<wgw_evp_aead_ctx>.size)
        context.deallocate()
        guard let plainKey else { return }
        explicit_bzero(plainKey, Self.keyLength)
        plainKey.deallocate()
    }

    /// Encrypts `count` bytes in place and writes the tag behind them.
    /// The nonce is 4 zero bytes and the counter, little endian (WireGuard paper, 5.4.6).
    ///
    /// Zeros are left behind where the chosen cipher fails (`Cipher.failures`): a packet that no receiver takes.
    public func seal(_ bytes: UnsafeMutablePointer<UInt8>, count: Int, counter: UInt64) {
        if let plainKey, seal(bytes, count: count, counter: counter, under: plainKey) { return }
        seal(bytes, count: count, counter: counter, additional: Self.nothing)
    }

    public func seal(
        _ bytes: UnsafeMutablePointer<UInt8>,
        count: Int,
        counter: UInt64,
        additional: UnsafeRawBufferPointer
    ) {
        seal(bytes, count: count, nonce: Nonce(counter: counter), additional: additional)
    }

    /// Decrypts in place. `count` includes the tag.
    /// False, with unspecified bytes left behind, when anything was forged.
    public func open(_ bytes: UnsafeMutablePointer<UInt8>, count: Int, counter: UInt64) -> Bool {
        if let plainKey,
            let isOpened = open(bytes, count: count, counter: counter, under: plainKey)
        {
            return isOpened
        }
        return open(bytes, count: count, counter: counter, additional: Self.nothing)
    }

    public func open(
        _ bytes: UnsafeMutablePointer<UInt8>,
        count: Int,
        counter: UInt64,
        additional: UnsafeRawBufferPointer
    ) -> Bool {
        open(bytes, count: count, nonce: Nonce(counter: counter), additional: additional)
    }

    /// Twelve bytes, first byte first in memory.
    struct Nonce {
        let words: (UInt32, UInt32, UInt32)

        init(prefix: UInt32 = 0, counter: UInt64) {
            words = (
                prefix.littleEndian,
                UInt32(truncatingIfNeeded: counter).littleEndian,
                UInt32(truncatingIfNeeded: counter >> 32).littleEndian
            )
        }
    }

    func seal(
        _ bytes: UnsafeMutablePointer<UInt8>,
        count: Int,
        nonce: Nonce,
        additional: UnsafeRawBufferPointer
    ) {
        var written = 0
        let isSealed = withUnsafeBytes(of: nonce) { nonce in
            wgw_aead_ctx_seal(
                context,
                bytes,
                &written,
                count + Self.tagLength,
                nonce.bindMemory(to: UInt8.self).baseAddress,
                nonce.count,
                bytes,
                count,
                additional.bindMemory(to: UInt8.self).baseAddress,
                additional.count
            )
        }
        // Fails for more than 2^38 bytes only.
        precondition(isSealed == 1)
    }

    func open(
        _ bytes: UnsafeMutablePointer<UInt8>,
        count: Int,
        nonce: Nonce,
        additional: UnsafeRawBufferPointer
    ) -> Bool {
        guard count >= Self.tagLength else { return false }
        var written = 0
        let isOpened = withUnsafeBytes(of: nonce) { nonce in
            wgw_aead_ctx_open(
                context,
                bytes,
                &written,
                count - Self.tagLength,
                nonce.bindMemory(to: UInt8.self).baseAddress,
                nonce.count,
                bytes,
                count,
                additional.bindMemory(to: UInt8.self).baseAddress,
                additional.count
            )
        }
        return isOpened == 1
    }

    private static var nothing: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: nil, count: 0)
    }
}

/// By libipsec-mb. Where a thread gets no memory for it, and after it has failed, BoringSSL does the work.
extension ChaCha20Poly1305 {
    /// False where the work was not done.
    @inline(__always)
    private func seal(
        _ bytes: UnsafeMutablePointer<UInt8>,
        count: Int,
        counter: UInt64,
        under key: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        let status = withUnsafeBytes(of: Nonce(counter: counter)) { nonce in
            cipsecmb_seal(key, bytes, count, nonce.bindMemory(to: UInt8.self).baseAddress)
        }
        return status >= 0
    }

    /// Nil where the work was not done.
    @inline(__always)
    private func open(
        _ bytes: UnsafeMutablePointer<UInt8>,
        count: Int,
        counter: UInt64,
        under key: UnsafeMutablePointer<UInt8>
    ) -> Bool? {
        guard count >= Self.tagLength else { return false }
        let status = withUnsafeBytes(of: Nonce(counter: counter)) { nonce in
            cipsecmb_open(
                key,
                bytes,
                count - Self.tagLength,
                nonce.bindMemory(to: UInt8.self).baseAddress
            )
        }
        return status < 0 ? nil : status == 1
    }
}
