import Testing

@testable import GatewayClient

struct CertificateFingerprintTests {
    @Test(
        "a fingerprint is read as openssl prints it, with its algorithm or without",
        arguments: [
            "sha256:", "", "SHA256:", "sha256 Fingerprint=", "SHA256 Fingerprint=",
        ]
    )
    func forms(prefix: String) throws {
        let digits = String(repeating: "0aF9", count: 16)
        let plain = try #require(CertificateFingerprint(prefix + digits))
        var pairs = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, index.isMultiple(of: 2) { pairs += ":" }
            pairs.append(digit)
        }
        #expect(CertificateFingerprint(prefix + pairs) == plain)
        #expect("\(plain)" == "sha256:" + digits.lowercased())
        #expect(CertificateFingerprint("\(plain)") == plain)
    }

    @Test(
        "what is not 32 bytes in hexadecimal digits is not taken for a fingerprint",
        arguments: [
            "", "sha256:", String(repeating: "a", count: 63), String(repeating: "a", count: 66),
            "sha256:" + String(repeating: "g", count: 64),
            "md5:" + String(repeating: "a", count: 64),
        ]
    )
    func malformed(text: String) {
        #expect(CertificateFingerprint(text) == nil)
    }
}
