import Crypto

/// The hash under which an API key is stored. Keys have 200 random bits, so that a fast hash
/// without salt gives nothing away.
enum KeyHash {
    static func of(_ key: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(key.utf8)))
    }

    /// Looks at every byte, wherever the first difference is.
    static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices {
            difference |= left[index] ^ right[index]
        }
        return difference == 0
    }
}
