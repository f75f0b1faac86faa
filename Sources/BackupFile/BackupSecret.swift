import Crypto
import CryptoExtras
import FoundationEssentials

/// What opens a backup: known to the operator, and not in the backup.
package enum BackupSecret: Sendable {
    /// Few bits that a person remembers: guessing them is made slow.
    case passphrase([UInt8])
    /// The bytes of a file that was made at random.
    case keyFile([UInt8])

    /// Bytes of a new passphrase, at least.
    package static let fewestPassphraseBytes = 12
    /// Bytes of a key file, at least: as many as the cipher's key has.
    package static let fewestKeyFileBytes = 32
    /// Bytes of either, at most.
    package static let mostBytes = 4_096

    var kind: BackupHeader.SecretKind {
        switch self {
        case .passphrase: .passphrase
        case .keyFile: .keyFile
        }
    }

    /// The two keys of one backup.
    func keys(for header: BackupHeader) throws -> BackupKeys {
        let secret: SymmetricKey =
            switch self {
            case .passphrase(let bytes):
                // RFC 7914, with 128 bytes · 8 · rounds of memory.
                try KDF.Scrypt.deriveKey(
                    from: bytes,
                    salt: header.salt,
                    outputByteCount: 32,
                    rounds: 1 << Int(header.scryptExponent),
                    blockSize: 8,
                    parallelism: 1,
                    maxMemory: 1 << (Int(header.scryptExponent) + 11)
                )
            case .keyFile(let bytes):
                SymmetricKey(data: bytes)
            }
        func derived(_ purpose: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: secret,
                salt: header.salt,
                info: Data("wgw backup \(purpose)".utf8),
                outputByteCount: 32
            )
        }
        return BackupKeys(header: derived("header"), pieces: derived("pieces"))
    }
}

struct BackupKeys {
    /// Authenticates the header, and so tells a wrong secret from damage behind the header.
    let header: SymmetricKey
    let pieces: SymmetricKey
}
