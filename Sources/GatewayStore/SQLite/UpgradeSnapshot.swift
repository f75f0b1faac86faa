import GRDB
import Glibc

/// A copy of the database that is made beside it before migrations change it, for a way back to the version before.
enum UpgradeSnapshot {
    /// Followed by the newest migration of the copy.
    private static let prefix = "wgw.db.schema-"
    private static let kept = 2
    /// What a start needs beside the copy.
    private static let spareBytes: UInt64 = 16 << 20

    /// To be called before the migrations, outside of a transaction.
    ///
    /// - Returns: the path of the copy; nil where there is nothing to change, or the database is a new one.
    static func make(
        of database: Database,
        _ migrations: [Migrations.Migration],
        in directory: String
    ) throws -> String? {
        let db = SQLiteConnection(database: database, damage: DamagedRows())
        guard try db.exists(table: "migration") else { return nil }
        let applied = Set(try Migrations.refuseNewer(migrations, db))
        guard let newest = migrations.last(where: { applied.contains($0.id) }),
            applied.count < migrations.count
        else { return nil }
        let path = directory + "/" + prefix + newest.id
        let draft = path + ".partial"
        // Of a start that was killed.
        unlink(draft)
        try refuseFull(directory)
        try createFile(draft)
        do {
            try database.execute(sql: "VACUUM INTO ?", arguments: [draft])
            // One of the same schema is older: a server of that version has run since.
            guard synchronize(draft), rename(draft, path) == 0, synchronize(directory) else {
                throw StoreError.noRoom(path: path)
            }
        } catch {
            unlink(draft)
            throw error
        }
        removeOld(directory)
        return path
    }

    /// The copy is not larger than the database and its log.
    private static func refuseFull(_ directory: String) throws(StoreError) {
        let path = directory + "/wgw.db"
        let size = DatabaseFiles.size(of: path) + DatabaseFiles.size(of: path + "-wal")
        let needed = UInt64(size) + spareBytes
        guard let free = DatabaseFiles.freeBytes(at: path), free < needed else { return }
        throw .noRoomForUpgrade(path: directory, bytes: needed)
    }

    private static func createFile(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unwritable(path: path) }
        close(descriptor)
    }

    private static func synchronize(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }

    private static func removeOld(_ directory: String) {
        let names = (RestoreFolder.names(in: directory) ?? []).filter { $0.hasPrefix(prefix) }
        let files = names.map { (path: directory + "/" + $0, age: age(of: directory + "/" + $0)) }
        for file in files.sorted(by: { $0.age < $1.age }).dropFirst(kept) { unlink(file.path) }
    }

    /// In nanoseconds, since some time or other.
    private static func age(of path: String) -> Int {
        var status = stat()
        stat(path, &status)
        return -(status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec)
    }
}
