import FoundationEssentials
import Testing
import WireGuardCrypto

struct PublicKeyTests {
    @Test("the public key that wg(8) printed belongs to the private key that it printed")
    func wgPair() throws {
        let secret = try #require(SecretKey(base64: "APJXrXPoQDLFTzrXrbBP9itd6ajEAYoTKw0E/bKMKV8="))
        let expected = "sL0NUv44H94+t//pDper1hE3DHl1Si7vORAlcLfBZm4="
        #expect(X25519.publicKey(of: secret).base64 == expected)
        #expect(PublicKey(base64: expected) == X25519.publicKey(of: secret))
    }

    @Test("the base64 of a public key agrees with Foundation's and reads back, whatever the bytes")
    func roundTrip() {
        for seed in 0..<256 {
            let bytes = (0..<32).map { UInt8(truncatingIfNeeded: seed &* 251 &+ $0 &* 37) }
            let key = PublicKey(bytes)
            #expect(key.base64 == Data(bytes).base64EncodedString())
            #expect(PublicKey(base64: key.base64) == key)
            #expect(key.bytes == bytes)
            #expect("\(key)" == key.base64)
        }
    }

    @Test("a public key that is not the canonical base64 of 32 bytes is refused")
    func strictBase64() {
        let good = PublicKey(counting(32)).base64
        #expect(PublicKey(base64: good) != nil)
        for bad in [
            "", "=", String(good.dropLast()), good + "=", " " + good, good + "\n",
            String(good.dropLast(4)), String(good.dropLast(2)) + "==",
            "é" + good.dropFirst(2),
        ] {
            #expect(PublicKey(base64: bad) == nil)
        }
    }

    @Test("a public key is of low order if and only if it gives no shared secret")
    func otherOrder() {
        let own = SecretKey(counting(32, from: 0x40))
        for end: UInt8 in [0x00, 0x7f, 0x80, 0xff] {
            for first in UInt8.min...UInt8.max {
                let middle: UInt8 = end & 0x7f == 0 ? 0 : 0xff
                let key = PublicKey([first] + Array(repeating: middle, count: 30) + [end])
                #expect(key.isOfLowOrder == (X25519.sharedSecret(own, key) == nil))
            }
        }
        for seed in 0..<64 {
            let key = X25519.publicKey(of: SecretKey(counting(32, from: seed)))
            #expect(key.isCanonical && !key.isOfLowOrder)
        }
    }

    @Test("a public key has one canonical form: a number below the prime")
    func canonical() {
        for first in UInt8.min...UInt8.max {
            let middle = Array(repeating: UInt8(0xff), count: 30)
            #expect(PublicKey([first] + middle + [0x7f]).isCanonical == (first < 0xed))
            #expect(PublicKey([first] + middle + [0x7e]).isCanonical)
            #expect(!PublicKey([first] + middle + [0x80]).isCanonical)
            for place in 0..<30 {
                var lower = middle
                lower[place] = 0xfe
                #expect(PublicKey([first] + lower + [0x7f]).isCanonical)
            }
        }
    }

    @Test("a public key's text may have exactly the bytes of the base64 alphabet in every place")
    func alphabet() {
        let zero = Array(PublicKey.zero.base64.utf8)
        let digits = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        // The last digit carries four bits only; the two below them must be zero.
        let lastDigits = Set("AEIMQUYcgkosw048".utf8)
        for place in 0..<43 {
            for byte in UInt8(0)..<128 {
                var text = zero
                text[place] = byte
                let isKey = PublicKey(base64: String(decoding: text, as: UTF8.self)) != nil
                #expect(isKey == (place == 42 ? lastDigits : digits).contains(byte))
            }
        }
    }

    @Test("the zero public key is all zero bytes, and no other key is zero")
    func zero() {
        #expect(PublicKey.zero.isZero)
        #expect(PublicKey.zero.bytes == [UInt8](repeating: 0, count: 32))
        for index in 0..<32 {
            var bytes = PublicKey.zero.bytes
            bytes[index] = 1
            #expect(!PublicKey(bytes).isZero)
        }
    }
}
