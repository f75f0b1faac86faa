import Crypto
import FoundationEssentials
import Testing
import WireGuardCrypto

struct X25519Tests {
    @Test(
        "X25519 gives the results of RFC 7748, section 5.2",
        arguments: [
            (
                "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
                "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
                "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"
            ),
            (
                "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
                "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
                "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"
            ),
        ]
    )
    func oneShot(scalar: String, point: String, product: String) throws {
        let result = try #require(
            X25519.sharedSecret(SecretKey(hex(scalar)), PublicKey(hex(point)))
        )
        #expect(hex(result.bytes) == product)
    }

    @Test(
        "X25519 fed with its own results gives those of RFC 7748, section 5.2, after each iteration",
        arguments: [
            (1, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"),
            (1000, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"),
        ]
    )
    func iterated(count: Int, expected: String) throws {
        var scalar = [9] + Array(repeating: UInt8(0), count: 31)
        var point = scalar
        for _ in 0..<count {
            let product = try #require(X25519.sharedSecret(SecretKey(scalar), PublicKey(point)))
            (scalar, point) = (product.bytes, scalar)
        }
        #expect(hex(scalar) == expected)
    }

    @Test("X25519 gives both sides of RFC 7748, section 6.1, the same secret")
    func diffieHellman() throws {
        let alice = SecretKey(
            hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
        )
        let bob = SecretKey(hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"))
        let alicePublic = X25519.publicKey(of: alice)
        let bobPublic = X25519.publicKey(of: bob)
        #expect(
            hex(alicePublic.bytes)
                == "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
        )
        #expect(
            hex(bobPublic.bytes)
                == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
        )
        let secret = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
        #expect(hex(try #require(X25519.sharedSecret(alice, bobPublic)).bytes) == secret)
        #expect(hex(try #require(X25519.sharedSecret(bob, alicePublic)).bytes) == secret)
    }

    @Test("X25519 gives the public keys and secrets that swift-crypto's own interface gives")
    func agreesWithSwiftCrypto() throws {
        for seed in 0..<64 {
            var hash = SHA256()
            hash.update(data: counting(8, from: seed))
            let scalar = Array(hash.finalize())
            let theirs = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: scalar)
            #expect(
                X25519.publicKey(of: SecretKey(scalar)).bytes
                    == Array(theirs.publicKey.rawRepresentation)
            )
            // Any 32 bytes are a point; the highest bit of them does not count.
            let point = scalar.reversed().map { $0 ^ 0xff }
            let secret = try theirs.sharedSecretFromKeyAgreement(
                with: Curve25519.KeyAgreement.PublicKey(rawRepresentation: point)
            )
            #expect(
                X25519.sharedSecret(SecretKey(scalar), PublicKey(point))?.bytes
                    == secret.withUnsafeBytes { Array($0) }
            )
        }
    }

    @Test(
        "X25519 gives no shared secret for a point of low order in any of its forms",
        arguments: [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ]
    )
    func lowOrder(point: String) {
        let own = SecretKey(counting(32, from: 0x40))
        for topBit: UInt8 in [0, 0x80] {
            var bytes = hex(point)
            bytes[31] |= topBit
            #expect(PublicKey(bytes).isOfLowOrder)
            #expect(X25519.sharedSecret(own, PublicKey(bytes)) == nil)
        }
    }

    @Test(
        "clamping a private key sets and clears the five bits of RFC 7748, section 5, and no others"
    )
    func clamp() {
        var ones = Array(repeating: UInt8(0xff), count: 32)
        ones.withUnsafeMutableBytes { X25519.clamp($0) }
        #expect(hex(ones) == "f8" + String(repeating: "ff", count: 30) + "7f")
        var zeros = Array(repeating: UInt8(0), count: 32)
        zeros.withUnsafeMutableBytes { X25519.clamp($0) }
        #expect(hex(zeros) == String(repeating: "00", count: 31) + "40")
    }

    @Test("a generated private key is the given random bytes, clamped")
    func generate() {
        let key = X25519.generatePrivateKey {
            $0.copyBytes(from: [UInt8](repeating: 0xff, count: 32))
        }
        #expect(hex(key.bytes) == "f8" + String(repeating: "ff", count: 30) + "7f")
    }
}
