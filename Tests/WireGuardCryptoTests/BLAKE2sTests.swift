import Testing
import WireGuardCrypto

struct BLAKE2sTests {
    @Test("BLAKE2s of \"abc\" is the digest of RFC 7693, appendix B")
    func appendixB() {
        #expect(
            hex(digest(of: Array("abc".utf8)))
                == "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"
        )
    }

    @Test(
        "BLAKE2s passes the self-test of RFC 7693, appendix E, over digest lengths, inputs and keys"
    )
    func appendixE() {
        var results: [UInt8] = []
        for digestLength in [16, 20, 28, 32] {
            let key = sequence(digestLength, seed: UInt32(digestLength))
            for length in [0, 3, 64, 65, 255, 1024] {
                let input = sequence(length, seed: UInt32(length))
                results += digest(of: input, length: digestLength)
                results += digest(of: input, key: key, length: digestLength)
            }
        }
        #expect(
            hex(digest(of: results))
                == "6a411f08ce25adcdfb02aba641451cec53c598b24f4fc787fbdc88797f4c1dfe"
        )
    }

    @Test("a keyed BLAKE2s digest of 16 bytes, as in mac1, agrees with Python's hashlib")
    func keyedSixteen() {
        #expect(
            hex(digest(of: counting(116), key: counting(32), length: 16))
                == "072e94ffbfc684bd8ab2a1b9dade2fd5"
        )
    }

    @Test("a BLAKE2s digest is the same however its input is cut into updates")
    func anyCut() {
        let input = counting(200)
        let whole = digest(of: input)
        for cut in 0...200 {
            var hash = BLAKE2s()
            input[..<cut].withUnsafeBytes { hash.update($0) }
            input[cut...].withUnsafeBytes { hash.update($0) }
            #expect(finalized(&hash, length: 32) == whole)
        }
    }

    private func digest(of input: [UInt8], key: [UInt8]? = nil, length: Int = 32) -> [UInt8] {
        var hash =
            key?.withUnsafeBytes { BLAKE2s(key: $0, digestLength: length) }
            ?? BLAKE2s(digestLength: length)
        input.withUnsafeBytes { hash.update($0) }
        return finalized(&hash, length: length)
    }

    private func finalized(_ hash: inout BLAKE2s, length: Int) -> [UInt8] {
        var digest = Array(repeating: UInt8(0), count: length)
        digest.withUnsafeMutableBytes { hash.finalize(into: $0) }
        return digest
    }

    /// Appendix E, `selftest_seq`.
    private func sequence(_ count: Int, seed: UInt32) -> [UInt8] {
        var (older, newer): (UInt32, UInt32) = (0xdead_4bad &* seed, 1)
        return (0..<count).map { _ in
            (older, newer) = (newer, older &+ newer)
            return UInt8(newer >> 24)
        }
    }
}
