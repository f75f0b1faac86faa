import Crypto
import FoundationEssentials

/// How the pieces of a backup are sealed: ChaCha20-Poly1305, with a nonce of the piece's number and of
/// whether it is the last. The key is of this one backup, so that a nonce is used once.
struct SealedPieces {
    /// Bytes of every piece but the last, before they are sealed.
    static let pieceLength = 65_536
    /// Bytes that sealing adds.
    static let tagLength = 16

    private let key: SymmetricKey
    private var number: UInt64 = 0

    init(_ keys: BackupKeys) {
        key = keys.pieces
    }

    mutating func seal(_ piece: some Collection<UInt8>, isLast: Bool) throws -> [UInt8] {
        let box = try ChaChaPoly.seal(Array(piece), using: key, nonce: try nextNonce(isLast))
        return Array(box.ciphertext) + Array(box.tag)
    }

    mutating func open(_ sealed: ArraySlice<UInt8>, isLast: Bool) throws -> [UInt8] {
        guard sealed.count >= Self.tagLength else { throw BackupError.damaged }
        let box = try ChaChaPoly.SealedBox(
            nonce: try nextNonce(isLast),
            ciphertext: sealed.dropLast(Self.tagLength),
            tag: sealed.suffix(Self.tagLength)
        )
        guard let piece = try? ChaChaPoly.open(box, using: key) else { throw BackupError.damaged }
        return Array(piece)
    }

    private mutating func nextNonce(_ isLast: Bool) throws -> ChaChaPoly.Nonce {
        defer { number += 1 }
        return try ChaChaPoly.Nonce(data: [0, 0, 0] + number.bytes + [isLast ? 1 : 0])
    }
}
