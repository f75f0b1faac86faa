import Dispatch
import GatewayDomain
import GatewayStore
import Glibc
import StoreTestSupport
import TestSupport
import Testing

/// Readers of the journal while several servers write to one database.
struct FollowerTests {
    @Test("a follower reads every revision of two servers' changes once and in order")
    func several() async throws {
        let stores = try TestStore.onPostgreSQL(servers: 3)
        let (writers, changes) = (4, 25)
        let wanted = 2 * writers * changes
        let seen = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for store in stores.dropLast() {
                for _ in 0..<writers {
                    group.addTask {
                        for _ in 0..<changes {
                            try await store.write { db in
                                try Events.append(.ofAny, db)
                                // Held open with its revision, while others begin.
                                usleep(.random(in: 0...2_000))
                            }
                        }
                        return []
                    }
                }
            }
            group.addTask {
                var seen: [Int64] = []
                _ = try await eventually(every: .zero) {
                    seen += try await stores[2].revisions(after: seen.last ?? 0)
                    return seen.count >= wanted
                }
                return seen
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(seen == Array(1...Int64(wanted)))
    }

    @Test("a change that is not committed is passed by no other one, and no follower")
    func heldOpen() async throws {
        let stores = try TestStore.onPostgreSQL(servers: 3)
        let (isOpen, opened) = AsyncStream<Void>.makeStream()
        let mayEnd = DispatchSemaphore(value: 0)
        async let first: Void = stores[0].write { db in
            try Events.append(.ofAny, db)
            opened.finish()
            mayEnd.wait()
        }
        for await _ in isOpen {}
        async let second: Void = stores[1].write { db in try Events.append(.ofAny, db) }
        // Long enough for the second one to come first, if it could.
        for _ in 0..<50 { #expect(try await stores[2].revisions(after: 0) == []) }
        mayEnd.signal()
        _ = try await (first, second)
        #expect(try await stores[2].revisions(after: 0) == [1, 2])
    }

    @Test("a change that is rolled back leaves no gap between the revisions of those after it")
    func rolledBack() async throws {
        struct Unwanted: Error {}
        let stores = try TestStore.onPostgreSQL(servers: 2)
        _ = try await stores[0].write { db in try Events.append(.ofAny, db) }
        await #expect(throws: Unwanted.self) {
            try await stores[1].write { db in
                try Events.append(.ofAny, db)
                throw Unwanted()
            }
        }
        _ = try await stores[1].write { db in try Events.append(.ofAny, db) }
        #expect(try await stores[0].revisions(after: 0) == [1, 2])
    }
}

extension Store {
    fileprivate func revisions(after last: Int64) async throws -> [Int64] {
        try await read { db in
            try db.rows("SELECT revision FROM event WHERE revision > \(last) ORDER BY revision")
                .map { try $0.value("revision") }
        }
    }
}

extension Event {
    fileprivate static var ofAny: Event { .of(.network, "\(NetworkID.random())", .created) }
}
