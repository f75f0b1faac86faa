import GatewayDomain
import GatewayStore
import JSON
import ServiceTestSupport
import Testing

@testable import GatewayService

@Suite("A server follows what others on its database commit")
struct FollowServersTests {
    @Test("each revision is told once, its own at once and those of others in their order")
    func eachOnce() async throws {
        let fixture = try await ServiceFixture()
        let (first, second) = (fixture.otherServer(), fixture.otherServer())
        for server in [first, second] { try await server.catchUp() }
        let start = try await first.startOfEvents(at: nil)
        let told = ToldEvents(of: first)
        for round in 0..<6 {
            for (index, server) in [second, first, second, first].enumerated() {
                _ = try await fixture.network(by: server, "\(round) \(index)")
            }
            let own = told.all.map(\.revision).suffix(2)
            #expect(own.allSatisfy { ($0 - start) % 2 == 0 })
            if round % 2 == 1 { try await first.catchUp() }
        }
        try await first.catchUp()
        #expect(told.all.map(\.revision).sorted() == Array(start + 1...start + 24))
        let ofOthers = told.all.map(\.revision).filter { ($0 - start) % 2 == 1 }
        #expect(ofOthers == ofOthers.sorted())
        #expect(first.commits.followed?.revision == start + 24)
    }

    @Test(
        "followers of one server miss nothing that writers at three of them do",
        .timeLimit(.minutes(2))
    )
    func manyWriters() async throws {
        let fixture = try await ServiceFixture()
        let servers = (0..<3).map { _ in fixture.otherServer() }
        for server in servers { try await server.catchUp() }
        let start = try await servers[0].startOfEvents(at: nil)
        let told = servers.map { ToldEvents(of: $0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, server) in servers.enumerated() {
                group.addTask {
                    for round in 0..<20 {
                        _ = try await fixture.network(by: server, "\(index) \(round)")
                    }
                }
                group.addTask { for _ in 0..<20 { try await server.catchUp() } }
            }
            try await group.waitForAll()
        }
        for (server, told) in zip(servers, told) {
            try await server.catchUp()
            #expect(told.all.map(\.revision).sorted() == Array(start + 1...start + 60))
        }
    }

    @Test("a hint wakes those who follow another server's commits", .timeLimit(.minutes(2)))
    func hints() async throws {
        let fixture = try await ServiceFixture()
        let (first, second) = (fixture.otherServer(), fixture.otherServer())
        let (hints, hint) = AsyncStream.makeStream(of: Void.self)
        try await first.catchUp()
        let following = Task { await first.followOtherServers(hints: hints) }
        defer { following.cancel() }
        let wakes = first.nodeFeed.wakes(atLeastEvery: .seconds(86_400))
        var wake = wakes.makeAsyncIterator()
        let network = try await fixture.network(by: second, "network")
        _ = try await second.perform(
            .createGateway(
                NewGateway(reading: ["network_id": .string(network.id), "region_code": "local"])
            ),
            by: fixture.caller
        )
        hint.yield()
        await wake.next()
    }

    @Test("a journal of another history, or one that has gone back, may have changed anything")
    func otherHistory() async throws {
        let fixture = try await ServiceFixture()
        let server = fixture.otherServer()
        try await server.catchUp()
        let node = try await fixture.connectedNode("frankfurt", to: server)
        let told = ToldEvents(of: server)
        try await fixture.store.write { db in
            try Installation.set(Array("another".utf8), for: "timeline", db)
        }
        #expect(server.isCurrent(node.session))
        try await server.catchUp()
        #expect(told.losses == 1)
        #expect(!server.isCurrent(node.session))
        try await server.catchUp()
        #expect(told.losses == 1)
        let newest = try #require(server.commits.followed?.revision)
        server.commits.publish(
            JournalReading(timeline: "another", newest: newest - 1, notices: nil)
        )
        #expect(told.losses == 2)
        #expect(server.commits.followed?.revision == newest - 1)
    }

    @Test("who follows the journal begins anew when its history is another one")
    func followers() async throws {
        let fixture = try await ServiceFixture()
        let server = fixture.otherServer()
        let revision = try await server.startOfEvents(at: nil)
        let timeline = try await server.changingTimeline()
        #expect(
            try await server.events(after: revision, of: timeline, by: fixture.caller) != nil
        )
        try await fixture.store.write { db in
            try Installation.set(Array("another".utf8), for: "timeline", db)
        }
        await #expect(throws: ServiceError.revisionGone) {
            _ = try await server.events(after: revision, of: timeline, by: fixture.caller)
        }
        #expect(try await fixture.controlPlane.changingTimeline() == nil)
    }

    @Test("a key that one server revokes is refused by the others after their next look")
    func revoked() async throws {
        let fixture = try await ServiceFixture()
        let (first, second) = (fixture.otherServer(), fixture.otherServer())
        let made = try await fixture.key(role: .viewer)
        try await second.catchUp()
        #expect(try await second.authenticate(bearer: made.text) != nil)
        _ = try await first.perform(.revokeAPIKey(made.key.id), by: fixture.caller)
        #expect(try await second.authenticate(bearer: made.text) != nil, "it has not looked yet")
        try await second.catchUp()
        #expect(try await second.authenticate(bearer: made.text) == nil)
    }

    @Test("what is remembered of keys opens nothing while others have not been heard for long")
    func notTrusted() async throws {
        let fixture = try await ServiceFixture()
        let (first, second) = (fixture.otherServer(), fixture.otherServer())
        let made = try await fixture.key(role: .viewer)
        try await second.catchUp()
        #expect(try await second.authenticate(bearer: made.text) != nil)
        _ = try await first.perform(.revokeAPIKey(made.key.id), by: fixture.caller)
        fixture.clock.advance(seconds: ControlPlane.longestTrust.components.seconds)
        #expect(try await second.authenticate(bearer: made.text) == nil)
    }
}

extension ServiceFixture {
    fileprivate func network(by server: ControlPlane, _ name: String) async throws -> Network {
        let request = NewNetwork(reading: ["name": .string(name)])
        return try await server.perform(.createNetwork(request), by: caller)
    }
}
