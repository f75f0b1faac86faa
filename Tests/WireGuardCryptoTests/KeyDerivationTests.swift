import Testing
import WireGuardCrypto

/// Expected values come from Python's `hmac` with `hashlib.blake2s`.
struct KeyDerivationTests {
    @Test(
        "HMAC-BLAKE2s has the known value with an empty, a 32-byte and a block-long key, also in parts"
    )
    func hmac() {
        #expect(
            hex(hmac(key: counting(32), Array("one".utf8), Array("two".utf8)))
                == "542e6768e442ac612837c94b74c763d150425be4163ee32bdcd528e4cf1e22f9"
        )
        #expect(
            hex(hmac(key: counting(32), Array("onetwo".utf8), []))
                == "542e6768e442ac612837c94b74c763d150425be4163ee32bdcd528e4cf1e22f9"
        )
        #expect(
            hex(hmac(key: [], [], []))
                == "eaf4bb25938f4d20e72656bbbc7a9bf63c0c18537333c35bdb67db1402661acd"
        )
        #expect(
            hex(hmac(key: counting(64), counting(200), []))
                == "690ee478866a3698f0ed2e87e8b25fcb63e56f6c2e6baa69acec75b6d645d1ae"
        )
    }

    @Test("a chain of derivations from WireGuard's construction name gives the known keys")
    func chain() {
        var hash = BLAKE2s()
        Array("Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s".utf8).withUnsafeBytes { hash.update($0) }
        let start = SecretKey { hash.finalize(into: $0) }
        #expect(hex(start) == "60e26daef327efc02ec335e2a025d2d016eb4206f87277f52d38d1988b78cd36")

        let one = counting(32).withUnsafeBytes { KeyDerivation.kdf1(start, $0) }
        #expect(hex(one) == "6ff66e10ab4a55ac8144a867fcd9f8ee64d4bd6239223338cb3437cf085ab031")

        let two = counting(32, from: 32).withUnsafeBytes { KeyDerivation.kdf2(one, $0) }
        #expect(hex(two.0) == "447095e0f050755163d8d0af11c1056383c04879ae7426a7e6b82d3494225dba")
        #expect(hex(two.1) == "b3027cbaebc990907aa8bb500f11b955e87cdb6ba3d9afa75afa79153dc3bfe5")

        let zeros = [UInt8](repeating: 0, count: 32)
        let three = zeros.withUnsafeBytes { KeyDerivation.kdf3(two.0, $0) }
        #expect(hex(three.0) == "9581fefd58dacf0413f58075f1c6ad4e177e30d8052c5b6e9ca3f2ce449fac9e")
        #expect(hex(three.1) == "f7d4771c159cb0394751da63cb8d50d1a2b034d1153a971a8a1d4cabd14cf5d5")
        #expect(hex(three.2) == "6735baf9ac445f559763e4667065138f9eafc7180a09f9e10161f1f745d37c58")

        let last = KeyDerivation.kdf2(three.0, UnsafeRawBufferPointer(start: nil, count: 0))
        #expect(hex(last.0) == "15c07a2111684a1792629b28d69cebf46e97509f696abc7d4363b2c70626d84c")
        #expect(hex(last.1) == "17f9ed4ecd0b6eddb0088886d6b3824398909064e6b1b6e71b519b63f6ce4e9b")
    }

    private func hmac(key: [UInt8], _ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
        var digest = Array(repeating: UInt8(0), count: 32)
        key.withUnsafeBytes { key in
            first.withUnsafeBytes { first in
                second.withUnsafeBytes { second in
                    digest.withUnsafeMutableBytes {
                        KeyDerivation.hmac(key: key, first, second, into: $0)
                    }
                }
            }
        }
        return digest
    }

    private func hex(_ key: SecretKey) -> String {
        WireGuardCryptoTests.hex(key.bytes)
    }

    private func hex(_ bytes: [UInt8]) -> String {
        WireGuardCryptoTests.hex(bytes)
    }
}
