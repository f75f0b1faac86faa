import GRDB
import GatewayDomain
import GatewayStore
import Glibc
import TestSupport
import Testing

/// What is missing from a data directory, or is not what it was, is not made anew in silence.
@Suite("A data directory")
struct MissingFileTests {
    @Test(
        "a data directory without its database is refused and left alone",
        arguments: ["master-key", "api-key", "wgw.db-wal"]
    )
    func noDatabase(trace: String) throws {
        let directory = try TemporaryDirectory()
        try directory.write([1], to: trace)
        let error = try #require(throws: StoreError.self) { try Store(directory: directory.path) }
        #expect(error == .databaseMissing(path: directory.path + "/wgw.db", trace: trace))
        #expect(error.description.contains(trace))
        #expect(Set(directory.names) == ["lock", trace])
    }

    @Test(
        "a data directory with nothing but an operator's key is refused with how to give the key",
        arguments: ["master-key": "WGW_MASTER_KEY", "api-key": "--api-key-file"]
    )
    func ownKey(trace: String, setting: String) throws {
        let directory = try TemporaryDirectory()
        try directory.write([1], to: trace)
        let error = try #require(throws: StoreError.self) { try Store(directory: directory.path) }
        #expect(error.description.contains(setting))
    }

    @Test("a data directory with an empty database is refused and left alone")
    func emptyDatabase() throws {
        let directory = try TemporaryDirectory()
        try directory.write([1], to: "master-key")
        try directory.write([], to: "wgw.db")
        for _ in 0..<2 {
            #expect(throws: StoreError.self) { try Store(directory: directory.path) }
        }
    }

    @Test(
        "a data directory in which a first start was interrupted before it had a key is begun again"
    )
    func interrupted() throws {
        let directory = try TemporaryDirectory()
        try directory.write([], to: "lock")
        try directory.write([], to: "wgw.db")
        #expect(throws: Never.self) { try Store(directory: directory.path) }
    }

    @Test(
        "a data directory without the log that its database needs is refused, however much was written",
        arguments: [1, 249, 250, 251, 600]
    )
    func noLog(writes: Int) async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path)
        for number in 0..<writes { try await store.put("\(number)") }
        // No checkpoint runs during a change.
        let copy = try await store.write { _ in try directory.copy(["wgw.db"]) }
        let main = copy.bytes(of: "wgw.db")
        for _ in 0..<2 {
            #expect(throws: StoreError.logMissing(path: copy.path + "/wgw.db")) {
                try Store(directory: copy.path)
            }
        }
        #expect(copy.bytes(of: "wgw.db") == main)
        // What the sentence says to do.
        try await DatabaseQueue(path: copy.path + "/wgw.db").vacuum()
        #expect(throws: Never.self) { try Store(directory: copy.path) }
    }

    @Test(
        "a data directory with a changed file is refused, and database and log are left alone",
        arguments: [
            ("wgw.db-wal", 0, 32), ("wgw.db-wal", 0, 1_000_000), ("wgw.db-wal", 24, 32),
            ("wgw.db", 0, 16), ("wgw.db", 0, 1_000_000),
        ]
    )
    func zeroed(name: String, from start: Int, to end: Int) async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path)
        for number in 0..<251 { try await store.put("\(number)") }
        let copy = try await store.write { _ in try directory.copy(["wgw.db", "wgw.db-wal"]) }
        var bytes = copy.bytes(of: name)
        for index in start..<min(end, bytes.count) { bytes[index] = 0 }
        try copy.write(bytes, to: name)
        let before = [copy.bytes(of: "wgw.db"), copy.bytes(of: "wgw.db-wal")]
        for _ in 0..<2 {
            #expect(throws: StoreError.self) { try Store(directory: copy.path) }
        }
        #expect([copy.bytes(of: "wgw.db"), copy.bytes(of: "wgw.db-wal")] == before)
    }

    @Test("a data directory whose database was emptied is refused, and its log is left alone")
    func emptied() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path)
        try await store.put("taken")
        let copy = try await store.write { _ in try directory.copy(["wgw.db-wal"]) }
        let log = copy.bytes(of: "wgw.db-wal")
        try copy.write([], to: "wgw.db")
        let path = copy.path + "/wgw.db"
        #expect(throws: StoreError.databaseMissing(path: path, trace: "wgw.db-wal")) {
            try Store(directory: copy.path)
        }
        #expect(copy.bytes(of: "wgw.db-wal") == log)
    }

    @Test(
        "a data directory with database and log is opened after a kill",
        .timeLimit(.minutes(2)),
        arguments: [0, 1, 250, 600]
    )
    func killed(writes: Int) async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path)
        for number in 0..<writes { try await store.put("\(number)") }
        let copy = try await store.write { _ in try directory.copyAsAfterKill() }
        #expect(try await Store(directory: copy.path).count() == writes)
        // And once more, after SQLite has put the log away.
        #expect(try await Store(directory: copy.path).count() == writes)
        await copy.logIsPutAway()
    }

    @Test(
        "a data directory is opened after a kill when another program has opened the database meanwhile"
    )
    func lookedAt() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path)
        try await store.put("1")
        let copy = try directory.copyAsAfterKill()
        withExtendedLifetime(store) {}
        do {
            let other = try DatabaseQueue(path: copy.path + "/wgw.db")
            try await other.read { _ = try $0.execute(sql: "SELECT count(*) FROM organization") }
            try other.close()
        }
        #expect(!copy.names.contains("wgw.db-wal"))
        #expect(try await Store(directory: copy.path).count() == 1)
    }

    @Test(
        "a data directory is opened with a copy that SQLite has made of the running database",
        arguments: [1, 300]
    )
    func backup(writes: Int) async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path)
        for number in 0..<writes { try await store.put("\(number)") }
        let copy = try TemporaryDirectory()
        do {
            let source = try DatabaseQueue(path: directory.path + "/wgw.db")
            let target = try DatabaseQueue(path: copy.path + "/wgw.db")
            try source.backup(to: target)
            try source.close()
            try target.close()
        }
        withExtendedLifetime(store) {}
        try copy.write([1], to: "master-key")
        #expect(try await Store(directory: copy.path).count() == writes)
    }

    @Test(
        "a data directory is opened after a stop, whatever the last checkpoint has left undone",
        .timeLimit(.minutes(2))
    )
    func closed() async throws {
        let directory = try TemporaryDirectory()
        do {
            let store = try Store(directory: directory.path)
            try await store.put("1")
            try await store.write { try $0.beginCheckpoint() }
            store.end()
        }
        await directory.logIsPutAway()
        #expect(try await Store(directory: directory.path).count() == 1)
    }

    @Test("a data directory is opened after a kill in the first write to its database")
    func rollbackJournal() async throws {
        let directory = try TemporaryDirectory()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let queue = try DatabaseQueue(
            path: directory.path + "/wgw.db",
            configuration: configuration
        )
        // More than the cache takes, so that the file is written before the commit.
        try await queue.writeWithoutTransaction { database in
            try database.execute(
                sql: """
                    PRAGMA cache_size = 1; BEGIN IMMEDIATE; CREATE TABLE other (bytes BLOB);
                    INSERT INTO other VALUES (zeroblob(100000)), (zeroblob(100000))
                    """
            )
        }
        let copy = try directory.copy(["wgw.db", "wgw.db-journal"])
        try await queue.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(copy.bytes(of: "wgw.db").count > 0 && copy.bytes(of: "wgw.db-journal").count > 0)
        #expect(try await Store(directory: copy.path).count() == 0)
    }

    @Test("a data directory is opened after a kill in a checkpoint and a start that failed")
    func failedStart() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path)
        try await store.put("1")
        try await store.write { db in
            try db.beginCheckpoint()
            try db.execute("INSERT INTO migration (id) VALUES ('2999-01-01')")
        }
        let copy = try directory.copyAsAfterKill()
        withExtendedLifetime(store) {}
        for _ in 0..<2 {
            let error = #expect(throws: StoreError.self) { try Store(directory: copy.path) }
            guard case .newerVersion = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("the log is brought into the database when the disk is full, whatever ends meanwhile")
    func full() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path)
        try await store.put("1")
        await #expect(throws: ServiceError.storageUnavailable(.full)) {
            try await store.write { _ in throw DatabaseError(resultCode: .SQLITE_FULL) }
        }
        await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = await store.lookAfter()
        }.value
        let copy = try directory.copy(["wgw.db"])
        try await DatabaseQueue(path: copy.path + "/wgw.db").vacuum()
        #expect(try await Store(directory: copy.path).count() == 1)
        #expect(await store.lookAfter() == nil)
    }

    @Test("the log is brought into the database when it is long", .timeLimit(.minutes(1)))
    func longLog() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path)
        let length = 1 << 20
        for number in 0..<8 {
            let bytes = [UInt8](repeating: UInt8(number), count: length)
            try await store.write { try Installation.set(bytes, for: "long", $0) }
        }
        while directory.bytes(of: "wgw.db").count < length { await Task.yield() }
        withExtendedLifetime(store) {}
    }

    @Test(
        "a data directory that is not where it was takes no changes and can still be read",
        arguments: ["moved", "deleted", "without its log", "replaced by a copy"]
    )
    func displaced(how: String) async throws {
        let directory = try TemporaryDirectory()
        let away = try TemporaryDirectory()
        let store = try Store(directory: directory.path)
        try await store.put("before")
        #expect(store.trouble == nil)
        let files = ["wgw.db", "wgw.db-wal"]
        let copy = try directory.copy(files)
        for name in how == "without its log" ? ["wgw.db-wal"] : files {
            try #require(rename(directory.path + "/" + name, away.path + "/" + name) == 0)
            if how == "deleted" { unlink(away.path + "/" + name) }
            if how == "replaced by a copy" {
                try directory.write(copy.bytes(of: name), to: name)
            }
        }
        await #expect(throws: ServiceError.storageUnavailable(.displaced)) {
            try await store.put("lost")
        }
        #expect(store.trouble == .displaced)
        #expect(await store.lookAfter() == .displaced)
        #expect(try await store.count() == 1)
        guard how == "moved" else { return }
        for name in files {
            try #require(rename(away.path + "/" + name, directory.path + "/" + name) == 0)
        }
        #expect(await store.lookAfter() == nil)
        try await store.put("after")
        #expect(try await store.count() == 2)
    }

    @Test("a database that another program has locked takes no changes until it is unlocked")
    func busy() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(
            path: directory.path + "/wgw.db",
            configuration: configuration
        )
        try await other.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN IMMEDIATE")
        }
        await #expect(throws: ServiceError.storageUnavailable(.busy)) {
            try await store.put("refused")
        }
        #expect(store.trouble == .busy)
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(await store.lookAfter() == nil)
        try await store.put("taken")
        #expect(try await store.count() == 1)
    }
}

extension Store {
    fileprivate func put(_ name: String) async throws {
        try await write { db in
            _ = try db.execute(
                "INSERT INTO organization (id, name, created_at) VALUES (\(name), \(name), 0)"
            )
        }
    }

    fileprivate func count() async throws -> Int {
        try await read { try $0.number("SELECT count(*) AS value FROM organization") }
    }
}

extension SQLConnection {
    /// Leaves the database as it is while a checkpoint runs.
    fileprivate func beginCheckpoint() throws {
        let version: Int = try row("PRAGMA schema_version")?.value("schema_version") ?? 0
        try Installation.set(Array("incomplete \(version)".utf8), for: "write_ahead_log", self)
    }
}

extension TemporaryDirectory {
    /// GRDB closes the database on a queue of its own, some time after the store is gone.
    fileprivate func logIsPutAway() async {
        while names.contains("wgw.db-wal") { await Task.yield() }
    }

    fileprivate func copy(_ names: [String]) throws -> TemporaryDirectory {
        let copy = try TemporaryDirectory()
        for name in names { try copy.write(bytes(of: name), to: name) }
        return copy
    }
}
