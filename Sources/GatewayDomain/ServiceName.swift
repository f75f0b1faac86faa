/// The rule for names of private services: they are words, so that a list of them needs no quotes.
package enum ServiceName {
    package static let maximumLength = 63

    package static func isWellFormed(_ text: String) -> Bool {
        let bytes = text.utf8
        guard (1...maximumLength).contains(bytes.count), bytes.allSatisfy(isPart) else {
            return false
        }
        return bytes.first.map(isAlphanumeric) ?? false
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "-_.".utf8.contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
