import Testing

@testable import WireGuardCrypto

@Suite("Whose ChaCha20-Poly1305 seals packets")
struct CipherTests {
    @Test("keys work with BoringSSL until another cipher is chosen")
    func standard() {
        #expect(Cipher.current == .boringSSL)
        #expect(Cipher.boringSSL.agrees(with: .boringSSL))
    }

    @Test("another cipher of this machine seals to the same bytes and refuses the same")
    func other() throws {
        guard let other = Cipher.besidesBoringSSL else { return }
        #expect(other.agrees(with: .boringSSL))
        #expect(Cipher.boringSSL.agrees(with: other))
        #expect("\(other)".hasPrefix("ipsec-mb 1."))
    }

    @Test("what any cipher seals with additional data, BoringSSL opens")
    func additional() throws {
        guard let other = Cipher.besidesBoringSSL else { return }
        let key = [UInt8](repeating: 7, count: 32)
        let mine = ChaCha20Poly1305(key: key, by: other)
        let theirs = ChaCha20Poly1305(key: key)
        var bytes = [UInt8](0..<40) + [UInt8](repeating: 0, count: 16)
        [UInt8]("of the handshake".utf8).withUnsafeBytes { additional in
            mine.seal(&bytes, count: 40, counter: 3, additional: additional)
            #expect(theirs.open(&bytes, count: 56, counter: 3, additional: additional))
        }
        #expect(bytes.prefix(40) == [UInt8](0..<40)[...])
    }

    @Test("a forged packet leaves no plaintext behind")
    func forged() throws {
        guard let other = Cipher.besidesBoringSSL else { return }
        let cipher = ChaCha20Poly1305(key: [UInt8](repeating: 9, count: 32), by: other)
        let plain = [UInt8](repeating: 0x77, count: 1_000)
        var bytes = plain + [UInt8](repeating: 0, count: 16)
        cipher.seal(&bytes, count: 1_000, counter: 1)
        bytes[1_015] ^= 1
        #expect(!cipher.open(&bytes, count: 1_016, counter: 1))
        #expect(bytes.prefix(1_000) == [UInt8](repeating: 0, count: 1_000)[...])
        #expect(!cipher.open(&bytes, count: 15, counter: 1), "shorter than a tag")
    }
}
