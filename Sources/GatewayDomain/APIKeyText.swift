/// What a caller proves itself with: the text of an API key, of which only the hash is kept.
package enum APIKeyText {
    /// A key that an operator chooses needs this many characters, because stored keys are hashed
    /// without the cost that a short password would need.
    package static let minimumLength = 16

    private static let prefix = "KEY"
    /// Length of the beginning of a key that lists show, by which people tell keys apart.
    private static let shownLength = 8
    private static let randomLength = 40
    /// 32 characters, so that a random byte selects one without bias; none is mistaken for another.
    private static let alphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")

    /// 40 characters of 5 bits each: 200 bits, beyond guessing and beyond any need for salt.
    package static func make(using generator: inout some RandomNumberGenerator) -> String {
        var key = prefix
        for _ in 0..<randomLength {
            key.append(alphabet[Int(generator.next() & 31)])
        }
        return key
    }

    package static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return make(using: &generator)
    }

    /// How a key begins, to be shown in lists: 160 bits of a made key stay hidden. Nothing of one
    /// that an operator chose, which may be short.
    package static func shownPrefix(of key: String) -> String? {
        guard key.hasPrefix(prefix), key.utf8.count >= prefix.utf8.count + randomLength else {
            return nil
        }
        return String(key.prefix(shownLength))
    }

    /// Whether the text can travel in an `Authorization` header and is long enough to be one.
    package static func isAcceptable(_ text: String) -> Bool {
        text.utf8.count >= minimumLength && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }
}
