import Crypto

/// SHA-256 of a certificate's DER, by which a client knows a server that no authority speaks for.
package struct CertificateFingerprint: Hashable, Sendable {
    private static let prefix = "sha256:"

    private let bytes: [UInt8]

    package init(ofDER certificate: [UInt8]) {
        bytes = [UInt8](SHA256.hash(data: certificate))
    }

    /// Reads `sha256:` and hexadecimal digits, or digits alone, with or without colons between them, as
    /// `openssl x509 -fingerprint -sha256` prints them.
    package init?(_ text: String) {
        var digits = text.lowercased()
        for prefix in ["sha256 fingerprint=", Self.prefix] where digits.hasPrefix(prefix) {
            digits.removeFirst(prefix.count)
        }
        let values = digits.filter { $0 != ":" }.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
            default: UInt8.max
            }
        }
        guard values.count == 2 * SHA256.byteCount, values.allSatisfy({ $0 < 16 }) else {
            return nil
        }
        bytes = stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }

    package static let form = "sha256: and 64 hexadecimal digits"
}

extension CertificateFingerprint: CustomStringConvertible {
    package var description: String { Self.prefix + digits }

    /// 64 hexadecimal ones.
    package var digits: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
