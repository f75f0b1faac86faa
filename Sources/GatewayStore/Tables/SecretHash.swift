/// How a row is found by the hash of a secret, such as an API key or the token of a URL: by the first bytes
/// of the hash. The caller compares the rest in constant time; an index on whole hashes would tell an
/// attacker by its timing how much of a guess was right.
enum SecretHash {
    static func selector(_ hash: [UInt8]) -> Int64 {
        hash.prefix(4).reduce(0) { $0 << 8 | Int64($1) }
    }
}
