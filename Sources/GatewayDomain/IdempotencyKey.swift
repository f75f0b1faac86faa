/// The `Idempotency-Key` of a request, which its sender may repeat without its being done twice. It names
/// the request within its organization and path.
package struct IdempotencyKey: Hashable, Sendable {
    package let text: String
    package let path: String

    /// Nil for a malformed key. It has 1 to 255 characters of `A-Z`, `a-z`, `0-9`, `_`, `:` and `-`.
    package init?(key: String, path: String) {
        let isAllowed = { (byte: UInt8) in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy(isAllowed) else {
            return nil
        }
        text = key
        self.path = path
    }
}
