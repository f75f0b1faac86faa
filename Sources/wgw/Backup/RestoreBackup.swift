import BackupFile
import CommandLineProgram
import Foundation
import GatewayService
import GatewayStore
import Glibc

/// Takes the parts of a backup apart into files, looks these through, and gives them their places.
struct RestoreBackup {
    /// Nil to restore nothing.
    let place: DataDirectoryOptions.Found?

    init(into place: DataDirectoryOptions.Found?) {
        self.place = place
    }

    func run(_ reader: inout BackupReader) throws -> CopyInspection {
        guard let place else {
            let folder = try TemporaryFolder()
            return try unpack(&reader, into: folder.path) { _ in }
        }
        if let database = place.database { return try fill(database, place, &reader) }
        let folder = try RestoreFolder(directory: place.path)
        let inspection = try unpack(&reader, into: folder.path) { try $0.beginTimeline() }
        try Interruption.check()
        try folder.publish()
        return inspection
    }

    private func fill(
        _ database: GivenDatabase,
        _ place: DataDirectoryOptions.Found,
        _ reader: inout BackupReader
    ) throws -> CopyInspection {
        let folder = try TemporaryFolder()
        let inspection = try unpack(&reader, into: folder.path) { try $0.upgrade() }
        let keys = RestoredKeys(in: folder.path, for: place)
        try keys.put()
        let source = TransferSource.file(folder.path + "/wgw.db")
        _ = try Transfer.move(from: source, to: .postgreSQL(url: database.url)) { table, rows in
            try Interruption.check()
            WaitingNote.report("\(table): \(rows) rows")
        }
        keys.keep()
        return inspection
    }

    private func unpack(
        _ reader: inout BackupReader,
        into folder: String,
        prepare: (DatabaseCopy) throws -> Void
    ) throws -> CopyInspection {
        var masterKey: String?
        var hasDatabase = false
        while let (part, _) = try reader.nextPart() {
            switch part {
            case .masterKey:
                var bytes: [UInt8] = []
                while case let piece = try reader.read(), !piece.isEmpty { bytes += piece }
                let text = String(decoding: bytes, as: UTF8.self)
                masterKey = text
                try write(folder + "/master-key") { try $0.write(text + "\n") }
            case .apiKey:
                try write(folder + "/api-key") { file in
                    try copy(&reader, to: file)
                    try file.write("\n")
                }
            case .database:
                hasDatabase = true
                try write(folder + "/wgw.db") { try copy(&reader, to: $0) }
            }
        }
        guard let masterKey, hasDatabase else { throw BackupError.damaged }
        WaitingNote.report("looking the database through")
        let database = try DatabaseCopy(path: folder + "/wgw.db")
        let inspection = try MasterKey(given: masterKey).inspect(database)
        try prepare(database)
        try database.close()
        return inspection
    }

    private func copy(_ reader: inout BackupReader, to file: OutputFile) throws {
        var size = 0
        while case let piece = try reader.read(), !piece.isEmpty {
            try file.write(piece)
            size += piece.count
            WaitingNote.report("\(HumanText.bytes(UInt64(size))) read")
        }
    }

    /// A file for its owner alone, on disk when this returns.
    private func write(_ path: String, _ body: (OutputFile) throws -> Void) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError.unwritable(path: path) }
        defer { close(descriptor) }
        try body(OutputFile(descriptor: descriptor, name: path))
        guard fsync(descriptor) == 0 else { throw StoreError.noRoom(path: path) }
    }
}

/// A folder for this process alone, gone with its last reference.
private final class TemporaryFolder {
    let path: String

    init() throws(CommandFailure) {
        let parent = FileManager.default.temporaryDirectory.path
        var template = Array("\(parent)/wgw-verify-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw CommandFailure("\(parent) cannot be written to; name another folder by TMPDIR")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
