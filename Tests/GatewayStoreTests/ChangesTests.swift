import GatewayDomain
import GatewayStore
import StoreTestSupport
import Testing

struct ChangesTests {
    @Test("an empty journal is at revision zero and has no changes")
    func empty() async throws {
        let store = try await TestStore.make()
        let (revision, changes) = try await store.read { db in
            (try Events.newestRevision(db), try Changes.since(0, on: .random(), db))
        }
        #expect(revision == 0)
        #expect(changes?.isEmpty == true)
    }

    @Test(
        "an object that changed several times is in the journal's changes once, where it changed last"
    )
    func newestOnly() async throws {
        let store = try await TestStore.make()
        let (gateway, first, second) = (GatewayID.random(), PeerID.random(), PeerID.random())
        let changes = try await store.write { db in
            try Events.append(.of(.gateway, "\(gateway)", .created), db)
            try Events.append(.of(.peer, "\(first)", .created), db)
            try Events.append(.of(.peer, "\(second)", .created), db)
            try Events.append(.of(.peer, "\(first)", .deleted), db)
            return try #require(try Changes.since(0, on: .random(), db))
        }
        #expect(changes.map(\.object) == [.gateway(gateway), .peer(second), .peer(first)])
        #expect(changes.map(\.isDeleted) == [false, false, true])
    }

    @Test("a change of limits does not hide an earlier one of what they limit, which has their id")
    func limits() async throws {
        let store = try await TestStore.make()
        let gateway = GatewayID.random()
        let changes = try await store.write { db in
            try Events.append(.of(.gateway, "\(gateway)", .updated), db)
            try Events.append(.of(.limits, "\(gateway)", .created), db)
            try Events.append(.of(.limits, "\(gateway)", .updated), db)
            let revision = try Events.newestRevision(db) - 2
            #expect(try !Events.haveChanged(.gateway, gateway, after: revision, db))
            #expect(try Events.haveChanged(.limits, gateway, after: revision, db))
            return try #require(try Changes.since(0, on: .random(), db))
        }
        #expect(changes.map(\.object) == [.gateway(gateway), .limits("\(gateway)")])
    }

    @Test(
        "a journal entry with the lowest number there is, which only damage gives, ends no reading"
    )
    func damagedNumber() async throws {
        let store = try await TestStore.make()
        let reaches = try await store.write { db in
            try Events.append(.of(.network, "\(NetworkID.random())", .created), db)
            try db.execute("UPDATE event SET revision = \(Int64.min)")
            return try [0, Int64.max].map { try Events.reachesBack(to: $0, db) }
        }
        #expect(reaches == [false, false])
    }

    @Test("changes of objects that a node does not carry are not in its changes")
    func otherObjects() async throws {
        let store = try await TestStore.make()
        let changes = try await store.write { db in
            let carried: [Event.ObjectType] = [.gateway, .peer, .backboneLink, .limits]
            for type in Event.ObjectType.allCases where !carried.contains(type) {
                try Events.append(.of(type, "\(NetworkID.random())", .created), db)
            }
            return try Changes.since(0, on: .random(), db)
        }
        #expect(changes?.isEmpty == true)
    }

    @Test("a reader of the journal that is too far behind, or ahead, is told so")
    func trimmed() async throws {
        let store = try await TestStore.make()
        try await store.write { db in
            for second in 1...10 {
                try Events.append(
                    .of(.peer, "\(PeerID.random())", .created, at: Int64(second)),
                    db
                )
            }
            let end = Timestamp(microseconds: 7_000_000)
            let now = Timestamp(microseconds: 10_000_000)
            #expect(try Events.trim(olderThan: end, at: now, limit: 4, db) == 4)
            #expect(try Events.trim(olderThan: end, at: now, limit: 4, db) == 2)
            #expect(try Events.trim(olderThan: end, at: now, limit: 4, db) == 0)
            #expect(try Events.newestRevision(db) == 10)
            #expect(try Changes.since(5, on: .random(), db) == nil)
            #expect(try Changes.since(6, on: .random(), db)?.count == 4)
            #expect(try Changes.since(10, on: .random(), db)?.isEmpty == true)
            #expect(try Changes.since(11, on: .random(), db) == nil)
        }
    }

    @Test("the newest entry of the journal, which has the revision, is never deleted")
    func newestIsKept() async throws {
        let store = try await TestStore.make()
        try await store.write { db in
            for _ in 1...3 {
                try Events.append(.of(.peer, "\(PeerID.random())", .created), db)
            }
            let end = Timestamp(microseconds: .max)
            #expect(try Events.trim(olderThan: end, at: end, limit: 100, db) == 2)
            #expect(try Events.newestRevision(db) == 3)
        }
    }

    @Test(
        "a journal entry with too early a date does not have earlier fresh entries deleted with it"
    )
    func earlyDate() async throws {
        let store = try await TestStore.make()
        try await store.write { db in
            for second in [1, 2, 100, 101, 0, 102] as [Int64] {
                try Events.append(
                    .of(.peer, "\(PeerID.random())", .created, at: second),
                    db
                )
            }
            let end = Timestamp(microseconds: 50_000_000)
            let now = Timestamp(microseconds: 103_000_000)
            #expect(try Events.trim(olderThan: end, at: now, limit: 100, db) == 2)
            #expect(try Events.reachesBack(to: 2, db))
        }
    }

    @Test("a journal entry dated in the future keeps the others no longer than it is kept itself")
    func lateDate() async throws {
        let store = try await TestStore.make()
        try await store.write { db in
            for second in [9_999, 100, 101] as [Int64] {
                try Events.append(
                    .of(.peer, "\(PeerID.random())", .created, at: second),
                    db
                )
            }
            func trim(at second: Int64) throws -> Int {
                try Events.trim(
                    olderThan: Timestamp(microseconds: (second - 50) * 1_000_000),
                    at: Timestamp(microseconds: second * 1_000_000),
                    limit: 100,
                    db
                )
            }
            #expect(try trim(at: 103) == 0)
            #expect(try trim(at: 153) == 0)
            #expect(try trim(at: 154) == 2)
        }
    }

    @Test("a revision of the journal is not used again, even if the journal was emptied")
    func neverReused() async throws {
        let store = try await TestStore.make()
        try await store.write { db in
            try Events.append(.of(.peer, "\(PeerID.random())", .created), db)
            try db.execute("DELETE FROM event")
            try Events.append(.of(.peer, "\(PeerID.random())", .created), db)
            #expect(try Events.newestRevision(db) == 2)
        }
    }
}

extension Event {
    /// `at`: seconds.
    static func of(
        _ type: ObjectType,
        _ id: String,
        _ operation: Operation,
        at second: Int64 = 0
    ) -> Event {
        Event(
            organizationID: .random(),
            networkID: nil,
            objectType: type,
            objectID: id,
            operation: operation,
            occurredAt: Timestamp(microseconds: second * 1_000_000),
            actor: .system,
            requestID: nil,
            before: nil,
            after: nil
        )
    }
}
