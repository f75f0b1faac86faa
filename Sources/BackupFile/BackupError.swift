/// Why a file cannot be read as a backup: the end of a sentence that begins with its name.
package enum BackupError: Error, Equatable, Sendable {
    case foreign
    case newerFormat
    case damaged
    /// The secret, or the header, is not the one that the backup was made with.
    case secretDoesNotFit(BackupHeader.SecretKind)
    case otherSecret(needed: BackupHeader.SecretKind)
}

extension BackupError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .foreign:
            "was not made by wgw backup; name a file that was"
        case .newerFormat:
            "was made by a newer wgw; restore it with that version"
        case .damaged:
            "is damaged or cut off; take another copy of it, or another backup"
        case .secretDoesNotFit(.passphrase):
            "is not opened by this passphrase; give the one that it was made with"
        case .secretDoesNotFit(.keyFile):
            "is not opened by this key file; give the one that it was made with"
        case .otherSecret(needed: .passphrase):
            "was made with a passphrase, not with a key file; give that passphrase"
        case .otherSecret(needed: .keyFile):
            "was made with a key file; give that by --key-file"
        }
    }
}
