import Foundation
import GatewayDomain
import Glibc
import PostgreSQLTestSupport
import Synchronization
import TestSupport
import Testing

@testable import GatewayStore

/// Processes of the database server that stand still, while the system keeps their connections open.
struct FrozenServerTests {
    @Test(
        "a call on a frozen connection is refused after a time, and the next one gets another connection"
    )
    func idle() async throws {
        let server = try FrozenServer()
        let store = try server.store()
        defer { store.end() }
        try server.freeze(try await store.write(Self.process))
        await #expect(throws: ServiceError.storageUnavailable(.unreachable)) {
            try await store.append()
        }
        #expect(try await store.append() == 1)
        try server.freeze(try await store.read(Self.process))
        try server.freeze(try await store.readAside(Self.process))
        #expect(try await eventually { (try? await store.revisions()) == [1] })
    }

    @Test("a read whose answer does not come is refused")
    func read() async throws {
        let server = try FrozenServer()
        let store = try server.store()
        defer { store.end() }
        await #expect(throws: ServiceError.storageUnavailable(.unreachable)) {
            try await store.read { db in
                try server.freeze(try Self.process(of: db))
                return try Events.newestRevision(db)
            }
        }
        #expect(try await store.revisions() == [])
    }

    @Test("a statement whose answer is no longer waited for does not go on in the server")
    func endless() async throws {
        let server = try FrozenServer()
        let store = try server.store()
        defer { store.end() }
        await #expect(throws: ServiceError.storageUnavailable(.unreachable)) {
            try await store.read { try $0.number("SELECT count(*) AS value FROM pg_sleep(600)") }
        }
        #expect(
            try await eventually {
                try await store.read { db in
                    try db.number(
                        """
                        SELECT count(*) AS value FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event = 'PgSleep'
                        """
                    )
                } == 0
            }
        )
    }

    @Test("a commit that a frozen server does not confirm is neither called done nor undone")
    func unconfirmed() async throws {
        let server = try FrozenServer()
        let store = try server.store()
        defer { store.end() }
        await #expect(throws: ServiceError.storageUnavailable(.unconfirmed)) {
            try await store.write { db in
                try Events.append(.of(.network, "\(NetworkID.random())", .created), db)
                try server.freeze(try Self.process(of: db))
            }
        }
        server.thaw()
        #expect(try await eventually { (try? await store.append()) == 2 })
        #expect(try await store.revisions() == [1, 2])
    }

    @Test("what has become of a commit is found out over another connection")
    func confirmedLater() async throws {
        let server = try FrozenServer()
        let store = try server.store()
        defer { store.end() }
        let runs = Mutex(0)
        async let written: Void = store.write { db in
            runs.withLock { $0 += 1 }
            try Events.append(.of(.network, "\(NetworkID.random())", .created), db)
            try server.freeze(try Self.process(of: db))
        }
        // The other connection waits for the frozen one, which holds the journal's position.
        #expect(
            try await eventually {
                try await store.read { db in
                    try db.number(
                        """
                        SELECT count(*) AS value FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock'
                        """
                    )
                } == 1
            }
        )
        server.thaw()
        try await written
        #expect(runs.withLock(\.self) == 1)
        #expect(try await store.revisions() == [1])
    }

    @Test("a server that takes connections and answers none is given up")
    func connecting() throws {
        let server = try FrozenServer()
        try server.freeze(try server.cluster.processID)
        #expect(throws: StoreError.self) { _ = try server.store() }
    }

    @Sendable
    private static func process(of db: any SQLConnection) throws -> pid_t {
        pid_t(try db.number("SELECT pg_backend_pid() AS value"))
    }
}

/// A server of the test's own, whose processes go on with the last reference at the latest.
private final class FrozenServer: Sendable {
    let cluster: PostgreSQLCluster
    private let url: String
    private let frozen = Mutex<[pid_t]>([])

    init() throws {
        cluster = try PostgreSQLCluster()
        url = try cluster.makeDatabase("wgw")
    }

    deinit { thaw() }

    func store() throws -> Store {
        try Store(postgreSQL: url, longestSilence: .seconds(2))
    }

    /// Comes back when the process stands.
    func freeze(_ process: pid_t) throws {
        frozen.withLock { $0.append(process) }
        kill(process, SIGSTOP)
        while try !Self.state(of: process).hasPrefix("T") { usleep(1_000) }
    }

    func thaw() {
        for process in frozen.withLock(\.self) { kill(process, SIGCONT) }
    }

    /// The letter behind the name, in proc_pid_stat(5).
    private static func state(of process: pid_t) throws -> Substring {
        let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        return text[(text.lastIndex(of: ")") ?? text.endIndex)...].dropFirst(2)
    }
}

extension Store {
    fileprivate func append() async throws -> Int64 {
        try await write { db in
            try Events.append(.of(.network, "\(NetworkID.random())", .created), db)
        }
    }

    fileprivate func revisions() async throws -> [Int64] {
        try await read { db in
            try db.rows("SELECT revision FROM event ORDER BY revision").map { row in
                try row.value("revision")
            }
        }
    }
}
