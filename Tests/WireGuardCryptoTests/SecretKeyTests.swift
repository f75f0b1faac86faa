import Testing
import WireGuardCrypto

struct SecretKeyTests {
    @Test("the base64 of a secret key reads back, and bad text gives no key")
    func base64() throws {
        let key = SecretKey(counting(32))
        #expect(key.base64 == "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
        #expect(try #require(SecretKey(base64: key.base64)).equals(key))
        #expect(SecretKey(base64: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=") == nil)
        #expect(SecretKey(base64: "secret") == nil)
    }

    @Test("secret keys that differ in any one bit are unequal")
    func equality() {
        let key = SecretKey(counting(32))
        #expect(key == SecretKey(counting(32)))
        for bit in 0..<256 {
            var bytes = counting(32)
            bytes[bit / 8] ^= 1 << (bit % 8)
            #expect(key != SecretKey(bytes))
        }
    }

    @Test("no way of printing a secret key shows its bytes or where they are")
    func redacted() {
        let key = SecretKey(counting(32, from: 0xc0))
        var dumped = ""
        dump(key, to: &dumped)
        var dumpedInside = ""
        dump([Optional(key)], to: &dumpedInside)
        #expect(String(describing: key) == "SecretKey(redacted)")
        #expect(String(reflecting: key) == "SecretKey(redacted)")
        #expect("\(key)" == "SecretKey(redacted)")
        #expect("\([key])" == "[SecretKey(redacted)]")
        #expect(Mirror(reflecting: key).children.isEmpty)
        for text in [dumped, dumpedInside] {
            #expect(text.contains("redacted"))
            for leak in ["0x", "bytes", "Buffer", "192", "193", "c0c1", "wMHC"] {
                #expect(!text.contains(leak))
            }
        }
    }
}
