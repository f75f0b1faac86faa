import Crypto
import FoundationEssentials

/// What a URL carries that opens something without an API key: 128 random bits. Only the hash is stored, by
/// which the URL is found again. What is sealed with the secret can be opened with the URL alone: database,
/// master key and backups are not enough.
package struct LinkSecret: Sendable {
    package let text: String

    static func random() -> LinkSecret {
        LinkSecret(SecretText.random(bytes: 16))
    }

    /// From any text: a wrong one has a hash that nothing is found by, and looking for it takes as long.
    package init(_ text: String) {
        self.text = text
    }

    var hash: [UInt8] { KeyHash.of(text) }

    /// - Parameter id: is authenticated: what was sealed for one object cannot stand in another's place.
    func seal(_ content: String, of id: some CustomStringConvertible) throws -> [UInt8] {
        let box = try ChaChaPoly.seal(
            Data(content.utf8),
            using: key,
            authenticating: Data("\(id)".utf8)
        )
        return [UInt8](box.combined)
    }

    /// Nil where it was sealed with another secret, or for another object.
    func open(_ sealed: [UInt8], of id: some CustomStringConvertible) -> String? {
        guard
            let box = try? ChaChaPoly.SealedBox(combined: sealed),
            let content = try? ChaChaPoly.open(
                box,
                using: key,
                authenticating: Data("\(id)".utf8)
            )
        else { return nil }
        return String(decoding: content, as: UTF8.self)
    }

    /// Its derivation is apart from that of the hash, which does not lead to it.
    private var key: SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(text.utf8)),
            info: Data("content of a link".utf8),
            outputByteCount: 32
        )
    }
}
