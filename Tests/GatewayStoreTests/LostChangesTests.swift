import GatewayDomain
import PostgreSQLTestSupport
import StoreTestSupport
import Synchronization
import TestSupport
import Testing

@testable import GatewayStore

/// What a server finds when its writer comes to a database.
struct LostChangesTests {
    private static let stored = ServerHistory(log: "1", start: 5)

    private static func judge(
        _ known: CommittedRevision?,
        log: String?,
        position: Int64
    ) -> ServerHistory.Finding {
        ServerHistory.judge(known, stored: stored, log: log, position: position)
    }

    @Test("a server that knows of no more than the database has, has lost nothing")
    func nothingLost() {
        let known = CommittedRevision(log: "1", revision: 9)
        #expect(Self.judge(known, log: "1", position: 9) == .same)
        #expect(Self.judge(known, log: nil, position: 9) == .same)
        #expect(Self.judge(known, log: "2", position: 9) == .next)
        #expect(Self.judge(nil, log: "1", position: 9) == .same)
        #expect(ServerHistory.judge(nil, stored: nil, log: "1", position: 9) == .next)
    }

    @Test("what is known to be committed and is not there is lost, on whichever history")
    func lost() {
        let known = CommittedRevision(log: "1", revision: 10)
        #expect(Self.judge(known, log: "1", position: 9) == .lost)
        #expect(Self.judge(known, log: "2", position: 9) == .lost)
    }

    @Test("where another server was the first one on a history, later revisions do not hide a loss")
    func overtaken() {
        let less = CommittedRevision(log: "0", revision: 5)
        let more = CommittedRevision(log: "0", revision: 6)
        #expect(Self.judge(less, log: "1", position: 9) == .same)
        #expect(Self.judge(more, log: "1", position: 9) == .lost)
    }

    @Test("who is the first one on a history and knows nothing of the last one takes it for lost")
    func unknown() {
        #expect(Self.judge(nil, log: "2", position: 9) == .lost)
        let known = CommittedRevision(log: "0", revision: 1)
        #expect(Self.judge(known, log: "2", position: 9) == .lost)
    }

    @Test(
        "a server that knows of lost changes begins a timeline, once, though another one was first"
    )
    func promotion() async throws {
        let primary = try PostgreSQLCluster(.durable)
        _ = try primary.makeDatabase("wgw")
        let unaware = try primary.replica(isSynchronous: false)
        let url = PostgreSQLCluster.url(database: "wgw", on: [primary, unaware])
        let stores = try [Store(postgreSQL: url), Store(postgreSQL: url)]
        defer { for store in stores { store.end() } }
        let losses = Mutex([0, 0])
        for (index, store) in stores.enumerated() {
            store.onLoss { losses.withLock { $0[index] += 1 } }
            try await store.append()
        }
        let timeline = try await stores[0].timeline()
        #expect(
            try await eventually {
                try unaware.execute(["SELECT max(revision) FROM event"], database: "wgw") == "2\n"
            }
        )
        try unaware.stop()
        #expect(try await stores[0].append() == 3)
        try primary.kill()
        try unaware.start()
        try unaware.promote()

        #expect(try await stores[1].append() == 3)
        #expect(try await stores[0].timeline() == timeline)
        let next = try await stores[0].append()
        #expect(next > 1 << 32)
        let other = try await stores[1].timeline()
        #expect(other != timeline)
        #expect(try await stores[1].append() == next + 1)
        #expect(try await stores[0].append() == next + 2)
        #expect(try await stores[0].timeline() == other)
        #expect(losses.withLock(\.self) == [1, 0])
    }
}

extension Store {
    fileprivate func timeline() async throws -> String {
        try await read { db in try Installation.timeline(db) }
    }

    @discardableResult
    fileprivate func append() async throws -> Int64 {
        try await write { db in
            try Events.append(.of(.network, "\(NetworkID.random())", .created), db)
        }
    }
}
