/// What the cookie of a session carries: 256 random bits. Only the hash is stored.
package struct SessionSecret: Sendable {
    package let text: String

    static func random() -> SessionSecret {
        SessionSecret(SecretText.random(bytes: 32))
    }

    /// From any text: a wrong one has a hash that nothing is found by, and looking for it takes as long.
    package init(_ text: String) {
        self.text = text
    }

    var hash: [UInt8] { KeyHash.of(text) }
}
