import BackupFile
import CommandLineProgram
import Foundation
import GatewayService
import GatewayStore

/// Takes a snapshot of an installation, looks it through, and writes it into a file with its keys.
struct MakeBackup {
    let directory: DataDirectoryOptions.Found
    let secret: BackupSecret

    struct Made {
        let inspection: CopyInspection
        /// Bytes of the file.
        let size: Int
    }

    func write(to draft: DraftFile) throws -> Made {
        let masterKey = try MasterKey.text(
            given: directory.masterKey,
            directory: directory.path,
            isShared: directory.database != nil
        )
        // Beside the file, which needs as much room. It stays a draft, and goes with this function.
        let snapshot = try DraftFile(draft.path + ".snapshot", replacing: true)
        try copyDatabase(to: snapshot.draft)
        try Interruption.check()
        WaitingNote.report("looking the copy through")
        let inspection = try Self.inspect(snapshot.draft, with: masterKey)
        try Interruption.check()
        WaitingNote.report("encrypting the copy")
        try write(masterKey, snapshot.draft, to: draft)
        try draft.publish()
        return Made(inspection: inspection, size: draft.size)
    }

    private func copyDatabase(to path: String) throws {
        guard let database = directory.database else {
            return try DatabaseCopy.make(ofDirectory: directory.path, at: path)
        }
        do {
            try Transfer.copy(ofPostgreSQL: database.url, to: path) { table, rows in
                try Interruption.check()
                WaitingNote.report("copying \(table): \(rows) rows")
            }
        } catch {
            throw CommandFailure(transfer: error) ?? error
        }
    }

    /// A backup that cannot be restored would be found out too late.
    private static func inspect(
        _ snapshot: String,
        with masterKey: String
    ) throws -> CopyInspection {
        let copy = try DatabaseCopy(path: snapshot)
        let inspection = try MasterKey(given: masterKey).inspect(copy)
        try copy.close()
        return inspection
    }

    private func write(_ masterKey: String, _ snapshot: String, to draft: DraftFile) throws {
        var writer = try BackupWriter(
            secret: secret,
            madeAt: UInt64(max(Date().timeIntervalSince1970, 0)),
            output: draft.write
        )
        try writer.write(.masterKey, Array(masterKey.utf8))
        let keyFile = APIKeyFile(directory: directory.path)
        if let key = try keyFile.key() { try writer.write(.apiKey, Array(key.utf8)) }
        let database = try FileHandle(forReadingFrom: URL(filePath: snapshot))
        let length = try database.seekToEnd()
        try writer.begin(.database, length: length)
        try database.seek(toOffset: 0)
        while let piece = try database.read(upToCount: 1 << 18), !piece.isEmpty {
            try writer.write(piece)
            try Interruption.check()
            let written = HumanText.bytes(UInt64(draft.size))
            WaitingNote.report("\(written) of \(HumanText.bytes(length)) written")
        }
        try writer.finish()
    }
}

extension BackupWriter {
    fileprivate mutating func write(_ part: BackupPart, _ bytes: [UInt8]) throws {
        try begin(part, length: UInt64(bytes.count))
        try write(bytes)
    }
}
