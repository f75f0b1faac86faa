import FoundationEssentials
import GatewayDomain
import Glibc
import StoreTestSupport
import Synchronization
import TestSupport
import Testing

@testable import GatewayStore

struct StoreTests {
    @Test("a row that was written is there when the store is opened again")
    func reopen() async throws {
        let directory = try TemporaryDirectory()
        try await insertOrganization("kept", Store(directory: directory.path))
        let names = try await organizations(Store(directory: directory.path))
        #expect(names == ["kept"])
    }

    @Test("a write that was acknowledged survives a kill at that moment")
    func survivesKill() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path)
        for number in 0..<20 {
            try await insertOrganization("o\(number)", store)
            let copy = try directory.copyAsAfterKill()
            let names = try await organizations(Store(directory: copy.path))
            #expect(names.count == number + 1)
        }
    }

    @Test(
        "a commit for which the disk has no room is not told of, not even by the next commit",
        .enabled(if: SmallDisk.canBeMade, "skipped: a small file system needs root.")
    )
    func fullAtCommit() async throws {
        try await SmallDisk.with(megabytes: 8) { disk in
            let store = try Store(directory: disk.folder.appending(path: "data").path)
            let told = Mutex<[String]>([])
            // Fits into SQLite's cache, so that the commit is what writes.
            let bytes = [UInt8](repeating: 1, count: 1_500_000)
            try disk.fill()
            await #expect(throws: ServiceError.storageUnavailable(.full)) {
                try await store.write { db in
                    try Installation.set(bytes, for: "large", db)
                    return "lost"
                } committed: { name in
                    told.withLock { $0.append(name) }
                }
            }
            disk.empty()
            _ = try await store.write { _ in
                "stored"
            } committed: { name in
                told.withLock { $0.append(name) }
            }
            #expect(told.withLock { $0 } == ["stored"])
        }
    }

    @Test("a transaction that throws leaves nothing behind")
    func rollback() async throws {
        let store = try await TestStore.make()
        await #expect(throws: StoreError.self) {
            try await store.write { db in
                try db.execute(
                    "INSERT INTO organization (id, name, created_at) VALUES ('1', 'a', 0)"
                )
                try db.execute(
                    "INSERT INTO organization (id, name, created_at) VALUES ('2', 'a', 0)"
                )
            }
        }
        #expect(try await organizations(store).isEmpty)
    }

    @Test("the database syncs commits, checks foreign keys and has a write-ahead log")
    func pragmas() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path)
        let row = try await store.write { db in
            try db.row(
                """
                SELECT synchronous, foreign_keys, journal_mode
                FROM pragma_synchronous, pragma_foreign_keys, pragma_journal_mode
                """
            )
        }
        let pragmas = try #require(row)
        let synchronous: Int = try pragmas.value("synchronous")
        let foreignKeys: Bool = try pragmas.value("foreign_keys")
        let journal: String = try pragmas.value("journal_mode")
        let full = 2
        #expect(synchronous == full)
        #expect(foreignKeys)
        #expect(journal == "wal")
    }

    @Test("the files of the store are readable by their owner alone")
    func modes() throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path)
        withExtendedLifetime(store) {
            #expect(directory.mode(of: "wgw.db") == 0o600)
            #expect(directory.mode(of: "wgw.db-wal") == 0o600)
        }
    }

    @Test(
        "a data directory that a store has open is refused, and free again when that store is gone"
    )
    func lock() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path
        var store: Store? = try Store(directory: path)
        #expect(store != nil)
        #expect(throws: StoreError.locked(path: path)) { try Store(directory: path) }
        store = nil
        #expect(throws: Never.self) { try Store(directory: path) }
    }

    @Test("a data directory that a store has open is refused though its lock file is gone")
    func removedLock() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path
        let store = try Store(directory: path)
        #expect(unlink(path + "/lock") == 0)
        #expect(throws: StoreError.locked(path: path)) { try Store(directory: path) }
        withExtendedLifetime(store) {}
    }

    @Test("a database of a newer version of wgw is refused in one sentence and left alone")
    func newerVersion() async throws {
        let directory = try TemporaryDirectory()
        try await insertMigration("2099-01-01-wonders", Store(directory: directory.path))
        let error = try #require(throws: StoreError.self) { try Store(directory: directory.path) }
        let newest = try #require(Migrations.all.last?.id)
        #expect(error == .newerVersion(found: "2099-01-01-wonders", supported: newest))
        #expect(error.description.contains("newer wgw"))
        #expect(!error.description.contains("\n"))
    }

    @Test("a data directory that cannot be made is reported by its path")
    func unwritable() throws {
        let directory = try TemporaryDirectory()
        try directory.write([], to: "file")
        let path = directory.path + "/file/data"
        #expect(throws: StoreError.unwritable(path: path)) { try Store(directory: path) }
        let file = directory.path + "/file"
        #expect(throws: StoreError.unwritable(path: file)) { try Store(directory: file) }
    }

    @Test("a database file that is no database is reported and not overwritten")
    func corrupt() throws {
        let directory = try TemporaryDirectory()
        let garbage = [UInt8](repeating: 0x2a, count: 8_192)
        try directory.write(garbage, to: "wgw.db")
        #expect(throws: StoreError.corrupt(path: directory.path + "/wgw.db")) {
            try Store(directory: directory.path)
        }
        #expect(directory.bytes(of: "wgw.db") == garbage)
    }

    private func insertOrganization(_ name: String, _ store: Store) async throws {
        try await store.write { db in
            _ = try db.execute(
                "INSERT INTO organization (id, name, created_at) VALUES (\(name), \(name), 0)"
            )
        }
    }

    private func insertMigration(_ id: String, _ store: Store) async throws {
        try await store.write { db in
            _ = try db.execute("INSERT INTO migration (id) VALUES (\(id))")
        }
    }

    private func organizations(_ store: Store) async throws -> [String] {
        try await store.read { db in
            try db.rows("SELECT name FROM organization").map { try $0.value("name") }
        }
    }
}
