import Testing

@testable import WireGuardCrypto

struct XChaCha20Poly1305Tests {
    private let key = counting(32, from: 0x80)
    private let nonce = counting(24, from: 0x40)
    private let additional = hex("50515253c0c1c2c3c4c5c6c7")
    private let plain = Array(
        """
        Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the \
        future, sunscreen would be it.
        """.utf8
    )
    private let sealed = hex(
        """
        bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb
        731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452
        2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9
        21f9664c97637da9768812f615c68b13b52e
        c0875924c1c7987947deafd8780acf49
        """
    )

    @Test("HChaCha20 derives the key of draft-irtf-cfrg-xchacha-03, section 2.2.1")
    func hChaCha20() {
        let nonce = hex("000000090000004a0000000031415927")
        var subkey = Array(repeating: UInt8(0), count: 32)
        counting(32).withUnsafeBytes { key in
            nonce.withUnsafeBytes { nonce in
                subkey.withUnsafeMutableBytes { HChaCha20.derive(key: key, nonce: nonce, into: $0) }
            }
        }
        #expect(hex(subkey) == "82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc")
    }

    @Test(
        "XChaCha20-Poly1305 seals and opens the example of draft-irtf-cfrg-xchacha-03, appendix A.3.1"
    )
    func appendixA31() {
        var bytes = plain + Array(repeating: 0, count: 16)
        key.withUnsafeBytes { key in
            nonce.withUnsafeBytes { nonce in
                additional.withUnsafeBytes {
                    XChaCha20Poly1305.seal(
                        &bytes,
                        count: plain.count,
                        key: key,
                        nonce: nonce,
                        additional: $0
                    )
                }
            }
        }
        #expect(bytes == sealed)
        #expect(open(sealed, nonce: nonce, additional: additional) == plain)
    }

    @Test("XChaCha20-Poly1305 refuses a forged message, nonce or additional data")
    func forged() {
        for index in sealed.indices {
            var forged = sealed
            forged[index] ^= 0x80
            #expect(open(forged, nonce: nonce, additional: additional) == nil)
        }
        for index in nonce.indices {
            var other = nonce
            other[index] ^= 1
            #expect(open(sealed, nonce: other, additional: additional) == nil)
        }
        #expect(open(sealed, nonce: nonce, additional: []) == nil)
        #expect(open(Array(sealed.dropLast()), nonce: nonce, additional: additional) == nil)
        #expect(open(Array(sealed.prefix(15)), nonce: nonce, additional: additional) == nil)
    }

    private func open(_ sealed: [UInt8], nonce: [UInt8], additional: [UInt8]) -> [UInt8]? {
        var bytes = sealed
        let isGenuine = key.withUnsafeBytes { key in
            nonce.withUnsafeBytes { nonce in
                additional.withUnsafeBytes {
                    XChaCha20Poly1305.open(
                        &bytes,
                        count: sealed.count,
                        key: key,
                        nonce: nonce,
                        additional: $0
                    )
                }
            }
        }
        return isGenuine ? bytes.dropLast(16) : nil
    }
}
