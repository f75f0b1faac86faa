import Crypto
import FoundationEssentials
import Testing

@testable import WireGuardCrypto

struct ChaCha20Poly1305Tests {
    @Test("ChaCha20-Poly1305 seals and opens the example of RFC 8439, section 2.8.2")
    func rfc8439Section282() {
        let plain = Array(
            """
            Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the \
            future, sunscreen would be it.
            """.utf8
        )
        let expected = hex(
            """
            d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6
            3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36
            92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc
            3ff4def08e4b7a9de576d26586cec64b6116
            1ae10b594f09e26a7e902ecbd0600691
            """
        )
        let additional = hex("50515253c0c1c2c3c4c5c6c7")
        let cipher = ChaCha20Poly1305(key: counting(32, from: 0x80))
        // The only vector whose nonce does not begin with four zero bytes.
        let nonce = ChaCha20Poly1305.Nonce(prefix: 7, counter: 0x4746_4544_4342_4140)
        var bytes = plain + Array(repeating: 0, count: 16)
        additional.withUnsafeBytes {
            cipher.seal(&bytes, count: plain.count, nonce: nonce, additional: $0)
        }
        #expect(bytes == expected)
        let isGenuine = additional.withUnsafeBytes {
            cipher.open(&bytes, count: expected.count, nonce: nonce, additional: $0)
        }
        #expect(isGenuine)
        #expect(bytes.dropLast(16) == plain[...])
    }

    @Test(
        "ChaCha20-Poly1305, by the calls that packets use, opens and seals RFC 8439, appendix A.5"
    )
    func rfc8439AppendixA5() {
        let sealed = hex(
            """
            64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb2
            4c6cfc18755d43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf
            332f830e710b97ce98c8a84abd0b948114ad176e008d33bd60f982b1ff37c855
            9797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4
            b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523e
            af4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a
            0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a10
            49e617d91d361094fa68f0ff77987130305beaba2eda04df997b714d6c6f2c29
            a6ad5cb4022b02709b
            eead9d67890cbb22392336fea1851f38
            """
        )
        let plain = Array(
            """
            Internet-Drafts are draft documents valid for a maximum of six months and may be \
            updated, replaced, or obsoleted by other documents at any time. It is inappropriate to \
            use Internet-Drafts as reference material or to cite them other than as \
            /“work in progress./”
            """.utf8
        )
        let additional = hex("f33388860000000000004e91")
        let cipher = ChaCha20Poly1305(
            key: hex("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0")
        )
        let counter: UInt64 = 0x0807_0605_0403_0201
        #expect(cipher.opened(sealed, counter: counter, additional: additional) == plain)
        #expect(cipher.sealed(plain, counter: counter, additional: additional) == sealed)
    }

    @Test(
        "ChaCha20-Poly1305 in place gives the result of swift-crypto's ChaChaPoly",
        arguments: Array(0...200) + [1420, 16384]
    )
    func agreesWithChaChaPoly(length: Int) throws {
        let key = counting(32, from: length)
        let counter = UInt64(length) &* 0x0123_4567_89ab_cdef
        let nonce =
            Array(repeating: 0, count: 4) + withUnsafeBytes(of: counter.littleEndian) { Array($0) }
        let plain = counting(length, from: 3 * length)
        let additional = counting(length % 40)
        let cipher = ChaCha20Poly1305(key: key)

        for given in [nil, additional] {
            let box = try ChaChaPoly.seal(
                plain,
                using: SymmetricKey(data: key),
                nonce: ChaChaPoly.Nonce(data: nonce),
                authenticating: given ?? []
            )
            let expected = Array(box.ciphertext) + Array(box.tag)
            #expect(cipher.sealed(plain, counter: counter, additional: given) == expected)
            #expect(cipher.opened(expected, counter: counter, additional: given) == plain)
        }
    }

    @Test(
        "ChaCha20-Poly1305 refuses a message with any one bit of it changed",
        arguments: [0, 1, 64, 100]
    )
    func forgedByte(length: Int) {
        let cipher = ChaCha20Poly1305(key: counting(32))
        let genuine = cipher.sealed(counting(length), counter: 1)
        #expect(cipher.opened(genuine, counter: 1) == counting(length))
        for bit in 0..<8 * genuine.count {
            var forged = genuine
            forged[bit / 8] ^= 1 << (bit % 8)
            #expect(cipher.opened(forged, counter: 1) == nil)
        }
    }

    @Test("ChaCha20-Poly1305 refuses another counter, key or additional data")
    func wrongCircumstances() {
        let cipher = ChaCha20Poly1305(key: counting(32))
        let sealed = cipher.sealed(counting(50), counter: 1, additional: [1, 2, 3])
        #expect(cipher.opened(sealed, counter: 1, additional: [1, 2, 3]) == counting(50))
        #expect(cipher.opened(sealed, counter: 2, additional: [1, 2, 3]) == nil)
        #expect(cipher.opened(sealed, counter: 1 << 32 | 1, additional: [1, 2, 3]) == nil)
        #expect(cipher.opened(sealed, counter: 1, additional: [1, 2, 4]) == nil)
        #expect(cipher.opened(sealed, counter: 1, additional: [1, 2]) == nil)
        #expect(cipher.opened(sealed, counter: 1) == nil)
        let other = ChaCha20Poly1305(key: counting(32, from: 1))
        #expect(other.opened(sealed, counter: 1, additional: [1, 2, 3]) == nil)
    }

    @Test("ChaCha20-Poly1305 refuses a message cut short at any length")
    func truncated() {
        let cipher = ChaCha20Poly1305(key: counting(32))
        let sealed = cipher.sealed(counting(40), counter: 1)
        for length in 0..<sealed.count {
            #expect(cipher.opened(Array(sealed.prefix(length)), counter: 1) == nil)
        }
    }

    @Test("ChaCha20-Poly1305 writes the tag and nothing behind it")
    func staysInside() {
        let cipher = ChaCha20Poly1305(key: counting(32))
        var bytes = Array(repeating: UInt8(0x55), count: 100)
        cipher.seal(&bytes, count: 60, counter: 1)
        #expect(bytes[76...].allSatisfy { $0 == 0x55 })
        #expect(Array(bytes[..<76]) == cipher.sealed(Array(repeating: 0x55, count: 60), counter: 1))
    }
}
