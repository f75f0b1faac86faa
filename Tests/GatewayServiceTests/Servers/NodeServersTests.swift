import GatewayDomain
import GatewayStore
import ServiceTestSupport
import Testing

@testable import GatewayService

@Suite("A node among several servers")
struct NodeServersTests {
    @Test("a node goes to another server at once, and the one before does not take it to be away")
    func moves() async throws {
        let fixture = try await ServiceFixture()
        let (first, second) = (fixture.otherServer(), fixture.otherServer())
        for server in [first, second] { try await server.prolongLife() }
        let node = try await fixture.connectedNode("frankfurt", to: first)
        let moved = try await second.nodeConnected(node.caller, fixture.greeting("process 1"))
        await first.nodeDisconnected(node.session)
        #expect(try await fixture.presence(of: node.node) == .connected)
        #expect(second.isCurrent(moved))
        await second.nodeDisconnected(moved)
        #expect(try await fixture.presence(of: node.node) == .away)
    }

    @Test("a session that has gone to another server ends here within one renewal of the lease")
    func endsHere() async throws {
        let fixture = try await ServiceFixture()
        let (first, second) = (fixture.otherServer(), fixture.otherServer())
        for server in [first, second] { try await server.prolongLife() }
        let node = try await fixture.connectedNode("frankfurt", to: first)
        _ = try await second.nodeConnected(node.caller, fixture.greeting("process 1"))
        #expect(first.isCurrent(node.session))
        try await first.prolongLife()
        #expect(!first.isCurrent(node.session))
        #expect(try await fixture.presence(of: node.node) == .connected)
    }

    @Test(
        "another process with the node's credential is refused at each server, until the node's server is gone"
    )
    func secondProcess() async throws {
        let fixture = try await ServiceFixture()
        let (first, second) = (fixture.otherServer(), fixture.otherServer())
        for server in [first, second] { try await server.prolongLife() }
        let node = try await fixture.connectedNode("frankfurt", to: first)
        for server in [first, second] {
            await #expect(throws: ServiceError.node(.secondSession)) {
                _ = try await server.nodeConnected(node.caller, fixture.greeting("process 2"))
            }
            await #expect(throws: ServiceError.node(.secondSession)) {
                _ = try await server.hasSessionElsewhere(node.caller, process: "process 2")
            }
        }
        #expect(first.isCurrent(node.session))
        #expect(try await second.hasSessionElsewhere(node.caller, process: "process 1"))
        #expect(
            try await second.showNode(node.node.id, by: fixture.caller).secondSessionAt != nil
        )
        fixture.clock.advance(seconds: ServerID.leaseSeconds)
        _ = try await second.nodeConnected(node.caller, fixture.greeting("process 2"))
    }

    @Test("another process gets a session when the node has been silent for long")
    func silent() async throws {
        let fixture = try await ServiceFixture()
        let (first, second) = (fixture.otherServer(), fixture.otherServer())
        let node = try await fixture.connectedNode("frankfurt", to: first)
        for isHeard in [true, false] {
            fixture.clock.advance(seconds: 30)
            if isHeard { await second.nodeReported(node.caller) }
            try await first.prolongLife()
            let free = try await fixture.store.read { [clock = fixture.clock] db in
                try NodeStreams.isFree(node.node.id, for: "process 2", at: clock.now(), db)
            }
            #expect(!free)
        }
        fixture.clock.advance(seconds: 6)
        try await first.prolongLife()
        _ = try await second.nodeConnected(node.caller, fixture.greeting("process 2"))
    }

    @Test("nodes of a server that was killed are away after its lease, and not before")
    func killed() async throws {
        let fixture = try await ServiceFixture()
        let (first, second) = (fixture.otherServer(), fixture.otherServer())
        for server in [first, second] { try await server.prolongLife() }
        let node = try await fixture.connectedNode("frankfurt", to: first)
        for expected in [GatewayNode.NodePresence.connected, .connected, .away] {
            fixture.clock.advance(seconds: 2)
            try await second.prolongLife()
            #expect(try await fixture.presence(of: node.node) == expected)
        }
    }

    @Test("a server that stops leaves its nodes to others at once")
    func stops() async throws {
        let fixture = try await ServiceFixture()
        let (first, second) = (fixture.otherServer(), fixture.otherServer())
        let node = try await fixture.connectedNode("frankfurt", to: first)
        try await second.prolongLife()
        fixture.clock.advance(seconds: 5)
        for server in [first, second] { try await server.prolongLife() }
        fixture.clock.advance(seconds: 2)
        try await first.endLife()
        try await second.prolongLife()
        #expect(try await fixture.presence(of: node.node) == .away)
    }

    @Test("no node is away because all servers were away from the database for long")
    func databaseAway() async throws {
        let fixture = try await ServiceFixture()
        let (first, second) = (fixture.otherServer(), fixture.otherServer())
        for server in [first, second] { try await server.prolongLife() }
        let node = try await fixture.connectedNode("frankfurt", to: first)
        fixture.clock.advance(seconds: 60)
        for server in [second, first, second] { try await server.prolongLife() }
        #expect(try await fixture.presence(of: node.node) == .connected)
        #expect(first.isCurrent(node.session))
    }

    @Test("the stream of a node that others took to be away ends, so that the node comes again")
    func cutOff() async throws {
        let fixture = try await ServiceFixture()
        let (first, second) = (fixture.otherServer(), fixture.otherServer())
        for server in [first, second] { try await server.prolongLife() }
        let node = try await fixture.connectedNode("frankfurt", to: first)
        for _ in 0..<4 {
            fixture.clock.advance(seconds: 2)
            try await second.prolongLife()
        }
        #expect(try await fixture.presence(of: node.node) == .away)
        try await first.prolongLife()
        #expect(!first.isCurrent(node.session))
        _ = try await first.nodeConnected(node.caller, fixture.greeting("process 1"))
        #expect(try await fixture.presence(of: node.node) == .connected)
    }
}

extension ServiceFixture {
    fileprivate func presence(of node: GatewayNode) async throws -> GatewayNode.NodePresence {
        try await controlPlane.showNode(node.id, by: caller).presence
    }
}
