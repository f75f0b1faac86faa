import BackupFile
import CommandLineProgram
import Foundation
import GatewayService
import GatewayStore
import Glibc

/// Takes a snapshot of an installation, looks it through, and writes it into a file with its keys.
struct MakeBackup {
    let directory: DataDirectoryOptions.Found
    let secret: BackupSecret

    struct Made {
        let inspection: CopyInspection
        /// Bytes of the file.
        let size: Int
    }

    func write(to path: String) throws -> Made {
        let masterKey = try MasterKey.text(given: directory.masterKey, directory: directory.path)
        let draft = try DraftFile(path)
        // Beside the file, which needs as much room. Another process cannot be at it: it has no draft.
        let snapshot = path + ".snapshot"
        unlink(snapshot)
        defer { unlink(snapshot) }
        try Self.makeEmptyFile(snapshot)
        try DatabaseCopy.make(ofDirectory: directory.path, at: snapshot)
        try Interruption.check()
        let inspection = try Self.inspect(snapshot, with: masterKey)
        try Interruption.check()
        try write(masterKey, snapshot, to: draft)
        try draft.publish()
        return Made(inspection: inspection, size: draft.size)
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
        try writer.begin(.database, length: try database.seekToEnd())
        try database.seek(toOffset: 0)
        while let piece = try database.read(upToCount: 1 << 18), !piece.isEmpty {
            try writer.write(piece)
            try Interruption.check()
        }
        try writer.finish()
    }

    private static func makeEmptyFile(_ path: String) throws(CommandFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure("\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
        close(descriptor)
    }
}

extension BackupWriter {
    fileprivate mutating func write(_ part: BackupPart, _ bytes: [UInt8]) throws {
        try begin(part, length: UInt64(bytes.count))
        try write(bytes)
    }
}
