import TestSupport

@testable import BackupFile

/// The parts of a backup, and the file that they become.
struct SampleBackup {
    static let secret = BackupSecret.keyFile((0..<32).map { $0 })

    var parts: [(BackupPart, [UInt8])]

    /// A database of this many bytes behind the two keys.
    init(databaseBytes count: Int, seed: UInt64 = 1) {
        var random = SplitMix64(seed: seed)
        parts = [
            (.masterKey, Array("master".utf8)), (.apiKey, Array("api".utf8)),
            (.database, (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }),
        ]
    }

    /// - Parameter step: bytes that are written at a time.
    func file(secret: BackupSecret = secret, step: Int = 10_000) throws -> [UInt8] {
        var file: [UInt8] = []
        var writer = try BackupWriter(secret: secret, madeAt: 7, scryptExponent: 15) { file += $0 }
        for (part, bytes) in parts {
            try writer.begin(part, length: UInt64(bytes.count))
            for start in stride(from: 0, to: bytes.count, by: step) {
                try writer.write(bytes[start..<min(start + step, bytes.count)])
            }
        }
        try writer.finish()
        return file
    }

    /// - Parameter step: bytes that the file gives at a time, at most.
    static func read(
        _ file: [UInt8],
        secret: BackupSecret = secret,
        step: Int = 10_000
    ) throws -> [(BackupPart, [UInt8])] {
        var rest = file[...]
        let backup = try ClosedBackup { count in
            let taken = Array(rest.prefix(min(count, step)))
            rest = rest.dropFirst(taken.count)
            return taken
        }
        var reader = try backup.open(with: secret)
        var parts: [(BackupPart, [UInt8])] = []
        while let (part, length) = try reader.nextPart() {
            var bytes: [UInt8] = []
            while case let piece = try reader.read(), !piece.isEmpty { bytes += piece }
            guard UInt64(bytes.count) == length else { throw BackupError.damaged }
            parts.append((part, bytes))
        }
        return parts
    }

    /// Where the pieces of a file are.
    static func pieces(of file: [UInt8]) -> [Range<Int>] {
        let length = SealedPieces.pieceLength + SealedPieces.tagLength
        return stride(from: BackupHeader.length, to: file.count, by: length).map {
            $0..<min($0 + length, file.count)
        }
    }
}
