import Crypto
import FoundationEssentials
import SystemIO
import WireGuardCrypto

/// The secret of a webhook and what is signed with it, in the form of standardwebhooks.com.
package struct WebhookSecret: Sendable {
    private static let prefix = "whsec_"

    let key: SecretKey

    init(_ key: SecretKey) {
        self.key = key
    }

    static func random() -> WebhookSecret {
        WebhookSecret(SecretKey(filledBy: fillRandomly))
    }

    package init?(_ text: String) {
        guard text.hasPrefix(Self.prefix),
            let key = SecretKey(base64: String(text.dropFirst(Self.prefix.count)))
        else { return nil }
        self.key = key
    }

    package var text: String { Self.prefix + key.base64 }

    /// One signature of the header `webhook-signature`.
    package func signature(of body: String, id: String, second: Int64) -> String {
        let content = Data("\(id).\(second).\(body)".utf8)
        let code = key.withBytes { bytes in
            HMAC<SHA256>.authenticationCode(for: content, using: SymmetricKey(data: bytes))
        }
        return "v1," + Data(code).base64EncodedString()
    }
}
