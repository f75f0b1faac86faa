import Crypto
import FoundationEssentials

/// The first bytes of a backup, which tell how to make its keys from the secret.
///
/// | bytes | what |
/// | --- | --- |
/// | 13 | `wgw backup 1` and a line feed: what it is, and the version of the format |
/// | 1 | the kind of the secret |
/// | 1 | scrypt's cost: the exponent of two that gives its rounds; 0 for a key file |
/// | 1 | 0 |
/// | 8 | when it was made, in seconds since 1970, the highest byte first |
/// | 32 | salt |
/// | 32 | HMAC-SHA-256 of all before it |
package struct BackupHeader: Equatable, Sendable {
    package enum SecretKind: UInt8, Sendable {
        case passphrase = 1
        case keyFile = 2
    }

    static let length = signedLength + 32
    private static let signedLength = magic.count + 43
    private static let magic = Array("wgw backup 1\n".utf8)
    /// Where the magic has the version's digit.
    private static let versionIndex = 11

    /// 128 MiB and some tenths of a second.
    static let usualScryptExponent: UInt8 = 17
    /// A file that asks for less can be guessed at, and one that asks for more than 1 GiB is hostile.
    private static let scryptExponents: ClosedRange<UInt8> = 15...20

    package let secretKind: SecretKind
    let scryptExponent: UInt8
    /// Seconds since 1970.
    package let madeAt: UInt64
    let salt: [UInt8]

    /// Of a new backup.
    init(for secret: BackupSecret, madeAt: UInt64, scryptExponent: UInt8) {
        secretKind = secret.kind
        self.scryptExponent = secretKind == .passphrase ? scryptExponent : 0
        self.madeAt = madeAt
        salt = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    }

    /// - Parameter bytes: the first of a file, `length` of them where it has so much.
    init(_ bytes: [UInt8]) throws(BackupError) {
        var expected = Self.magic
        guard bytes.count >= expected.count else { throw .foreign }
        expected[Self.versionIndex] = bytes[Self.versionIndex]
        guard bytes.starts(with: expected) else { throw .foreign }
        guard bytes[Self.versionIndex] == Self.magic[Self.versionIndex] else {
            throw .newerFormat
        }
        guard bytes.count == Self.length else { throw .damaged }
        let rest = bytes[Self.magic.count...]
        let start = rest.startIndex
        guard let kind = SecretKind(rawValue: rest[start]), rest[start + 2] == 0,
            kind == .keyFile ? rest[start + 1] == 0 : Self.scryptExponents.contains(rest[start + 1])
        else { throw .damaged }
        secretKind = kind
        scryptExponent = rest[start + 1]
        madeAt = rest[(start + 3)..<(start + 11)].reduce(0) { $0 << 8 | UInt64($1) }
        salt = Array(rest[(start + 11)..<(start + 43)])
    }

    private var signedBytes: [UInt8] {
        Self.magic + [secretKind.rawValue, scryptExponent, 0] + madeAt.bytes + salt
    }

    func bytes(signedWith keys: BackupKeys) -> [UInt8] {
        signedBytes
            + HMAC<SHA256>.authenticationCode(for: signedBytes, using: keys.header)
    }

    /// Whether the header ends with the code that this key gives.
    func isSigned(_ bytes: [UInt8], with keys: BackupKeys) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(
            bytes[Self.signedLength...],
            authenticating: signedBytes,
            using: keys.header
        )
    }
}

extension UInt64 {
    /// The highest first.
    var bytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> (56 - 8 * $0)) } }
}
