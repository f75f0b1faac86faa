import GRDB
import GatewayDomain
import GatewayStore
import TestSupport
import Testing

struct DatabaseCopyTests {
    @Test("a copy taken while changes go on is a database of one moment that needs no log")
    func underLoad() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // Two rows in one change: a copy has both or neither.
                for number in 0..<2_000 where !Task.isCancelled {
                    try await store.write { db in
                        try db.put("left \(number)")
                        try db.put("right \(number)")
                    }
                }
            }
            for _ in 0..<8 {
                let copy = try directory.copyOfDatabase()
                #expect(copy.names == ["wgw.db"])
                let opened = try DatabaseCopy(path: copy.path + "/wgw.db")
                try opened.check()
                let (left, right) = try opened.read { db in
                    (try db.count("left"), try db.count("right"))
                }
                #expect(left == right)
                try opened.close()
                #expect(throws: Never.self) { try Store(directory: copy.path) }
            }
            group.cancelAll()
        }
    }

    @Test("a copy holds what was acknowledged before, of a server that runs or was killed")
    func acknowledged() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path)
        for number in 0..<300 {
            try await store.write { db in try db.put("left \(number)") }
            guard number % 50 == 0 else { continue }
            let killed = try await store.write { _ in try directory.copyAsAfterKill() }
            for source in [directory, killed] {
                let copy = try source.copyOfDatabase()
                let opened = try DatabaseCopy(path: copy.path + "/wgw.db")
                #expect(try opened.read { try $0.count("left") } == number + 1)
            }
            // The next start finds all that it needs.
            #expect(throws: Never.self) { try Store(directory: killed.path) }
        }
    }

    @Test("stored responses, which may have private keys of peers, are not in a copy of a database")
    func storedResponses() async throws {
        let directory = try TemporaryDirectory()
        let fixture = try await StoreFixture(store: try Store(directory: directory.path))
        let marks = (0..<64).map { _ in UInt8.random(in: 1...255) }
        _ = try await fixture.store.write { db in
            try db.execute(
                """
                INSERT INTO kept_answer
                    (organization_id, path, idempotency_key, principal_id, fingerprint,
                    sealed_answer, created_at)
                VALUES (\(fixture.organizationID), 'path', 'key', 'id', x'00', \(marks), 0)
                """
            )
        }
        let log = directory.bytes(of: "wgw.db-wal") + directory.bytes(of: "wgw.db")
        #expect(log.firstRange(of: marks) != nil)
        #expect(try directory.copyOfDatabase().bytes(of: "wgw.db").firstRange(of: marks) == nil)
    }

    @Test("sessions of browsers are not in a copy of a database, so that an ended one stays ended")
    func sessions() async throws {
        let directory = try TemporaryDirectory()
        let fixture = try await StoreFixture(store: try Store(directory: directory.path))
        let (organization, time) = (fixture.organizationID, fixture.start)
        let hash = (0..<32).map { _ in UInt8.random(in: 1...255) }
        try await fixture.store.write { db in
            let user = User(
                id: .random(),
                organizationID: organization,
                name: "Ada",
                role: .viewer,
                createdAt: time,
                updatedAt: time
            )
            try Users.insert(user, db)
            try Sessions.insert(
                Session(
                    id: .random(),
                    organizationID: organization,
                    principal: .user(user.id),
                    source: "192.0.2.7",
                    userAgent: nil,
                    createdAt: time
                ),
                hash: hash,
                db
            )
        }
        let copy = try directory.copyOfDatabase()
        let opened = try DatabaseCopy(path: copy.path + "/wgw.db")
        #expect(try opened.read { try Users.find(named: "ada", $0) } != nil)
        #expect(try opened.read { try !Sessions.exist($0) })
        #expect(copy.bytes(of: "wgw.db").firstRange(of: hash) == nil)
    }

    @Test("a database whose log is missing, and a directory without a database, are not copied")
    func incomplete() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path)
        try await store.write { db in try db.put("left") }
        let partial = try TemporaryDirectory()
        try await store.write { _ in try partial.write(directory.bytes(of: "wgw.db"), to: "wgw.db")
        }
        #expect(throws: StoreError.logMissing(path: partial.path + "/wgw.db")) {
            try partial.copyOfDatabase()
        }
        let empty = try TemporaryDirectory()
        #expect(throws: StoreError.noDatabase(directory: empty.path)) {
            try empty.copyOfDatabase()
        }
        #expect(empty.names == [])
    }

    @Test("a copy that is damaged, of a newer version, or without its references is refused")
    func unsound() async throws {
        let directory = try TemporaryDirectory()
        let fixture = try await StoreFixture(store: try Store(directory: directory.path))
        #expect(throws: Never.self) { try directory.checkedCopy { _ in } }
        let newer = try #require(throws: StoreError.self) {
            try directory.checkedCopy { try $0.execute(sql: "INSERT INTO migration VALUES ('9')") }
        }
        guard case .newerVersion(found: "9", _) = newer else { throw newer }
        let foreign = try #require(throws: StoreError.self) {
            try directory.checkedCopy { try $0.execute(sql: "DROP TABLE migration") }
        }
        guard case .unsound = foreign else { throw foreign }
        let dangling = try #require(throws: StoreError.self) {
            try directory.checkedCopy { try $0.execute(sql: "DELETE FROM organization") }
        }
        #expect(dangling.description.contains("network"))
        try await fixture.store.write { db in
            for number in 0..<500 { try db.put("left \(number)") }
        }
        let copy = try directory.copyOfDatabase()
        var bytes = copy.bytes(of: "wgw.db")
        for index in bytes.count / 2..<bytes.count { bytes[index] = 0 }
        try copy.write(bytes, to: "wgw.db")
        #expect(throws: StoreError.self) {
            try DatabaseCopy(path: copy.path + "/wgw.db").check()
        }
    }

    @Test("a reader that is ahead of a restored journal is told so, now and after any change")
    func timeline() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(directory: directory.path)
        let change = { (store: Store) in
            try await store.write { db in
                try Events.append(.of(.peer, "\(PeerID.random())", .created), db)
            }
        }
        for _ in 1...5 { _ = try await change(store) }
        let copy = try directory.copyOfDatabase()
        for _ in 6...9 { _ = try await change(store) }
        let opened = try DatabaseCopy(path: copy.path + "/wgw.db")
        try opened.beginTimeline()
        try opened.close()

        let restored = try Store(directory: copy.path)
        for isChanged in [false, true] {
            if isChanged {
                #expect(try await change(restored) > 1 << 32)
                #expect(try await change(restored) > 1 << 32)
            }
            let reaches = try await restored.read { db in
                try (0...10).map { try Events.reachesBack(to: $0, db) }
            }
            #expect(reaches == (0...10).map { $0 <= 5 })
        }
        let (newest, count) = try await restored.read { db in
            (try Events.newestRevision(db), try Changes.since(5, on: .random(), db)?.count)
        }
        #expect(count == nil, "a node takes a snapshot after such a gap")
        let following = try await restored.read { try Events.reachesBack(to: newest, $0) }
        #expect(following)
    }

    @Test("objects made after a restore stand behind all others, in the order of their creation")
    func creationOrder() async throws {
        let directory = try TemporaryDirectory()
        let fixture = try await StoreFixture(store: try Store(directory: directory.path))
        let add = { (store: Store, port: UInt16) async throws in
            let gateway = try fixture.gateway(port: port, subnet: "172.27.\(port - 5000).0/24")
            try await store.write { db in
                try Gateways.insert(gateway, sealedPrivateKey: [1], db)
                _ = try Events.append(.of(.gateway, "\(gateway.id)", .created), db)
            }
        }
        for port in [5000, 5001, 5002] as [UInt16] { try await add(fixture.store, port) }
        let copy = try directory.copyOfDatabase()
        let opened = try DatabaseCopy(path: copy.path + "/wgw.db")
        try opened.beginTimeline()
        try opened.close()
        let restored = try Store(directory: copy.path)
        for port in [5003, 5004, 5005] as [UInt16] { try await add(restored, port) }
        let ports = try await restored.read { db in
            let scope = Scope(organizationID: fixture.organizationID)
            return try Gateways.list(in: scope, page: .first, db).elements
                .map(\.endpoint.port)
        }
        #expect(ports == [5000, 5001, 5002, 5003, 5004, 5005])
    }
}

extension TemporaryDirectory {
    fileprivate func copyOfDatabase() throws -> TemporaryDirectory {
        let copy = try TemporaryDirectory()
        try copy.write([], to: "wgw.db")
        try DatabaseCopy.make(ofDirectory: path, at: copy.path + "/wgw.db")
        return copy
    }

    /// Looks a copy through that was changed by another program.
    fileprivate func checkedCopy(_ change: (Database) throws -> Void) throws {
        let copy = try copyOfDatabase()
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: copy.path + "/wgw.db", configuration: configuration)
        try queue.writeWithoutTransaction(change)
        try queue.close()
        try DatabaseCopy(path: copy.path + "/wgw.db").check()
    }
}

extension SQLConnection {
    fileprivate func put(_ name: String) throws {
        try execute("INSERT INTO organization (id, name, created_at) VALUES (\(name), \(name), 0)")
    }

    fileprivate func count(_ prefix: String) throws -> Int {
        try number(
            "SELECT count(*) AS value FROM organization WHERE name LIKE \(prefix + "%")"
        )
    }
}
