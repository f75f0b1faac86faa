import GatewayDomain
import GatewayService
import GatewayStore
import ServiceTestSupport
import Testing

struct NodeJoinTests {
    @Test("a join token lets one machine join, once")
    func once() async throws {
        let fixture = try await ServiceFixture()
        let made = try await fixture.makeNode("edge")
        #expect(made.node.state == .joining)
        let joined = try await fixture.controlPlane.join(fixture.application(of: made))
        #expect(joined.node.state == .away, "it has not connected yet")
        #expect(joined.node.publicKey != nil && joined.timeline.count == 32)
        await #expect(throws: ServiceError.node(.tokenUsed)) {
            _ = try await fixture.controlPlane.join(fixture.application(of: made))
        }
    }

    @Test(
        "a machine is turned away by its token, its region or its clock, and uses nothing up by that"
    )
    func refusals() async throws {
        let fixture = try await ServiceFixture()
        let made = try await fixture.makeNode("edge")
        let other = try await fixture.makeNode("other")
        func refusal(
            _ adjust: (inout ServiceFixture.Application) -> Void
        ) async throws -> NodeRefusal? {
            do {
                _ = try await fixture.controlPlane.join(fixture.application(of: made, adjust))
                return nil
            } catch ServiceError.node(let refusal) {
                return refusal
            }
        }
        #expect(try await refusal { $0.secret = LinkSecret("guessed") } == .tokenUnknown)
        #expect(try await refusal { $0.secret = other.secret } == .tokenUnknown)
        #expect(
            try await refusal { $0.regionCode = "mars" }
                == .regionDiffers(asked: "mars", has: ["local"])
        )
        let year: Int64 = 365 * 24 * 60 * 60
        for off in [year, -year] {
            let refusal = try await refusal { $0.time = $0.time.advanced(bySeconds: off) }
            // The server's clock has gone on a little since the machine looked at its own.
            guard case .clockDiffers(let seconds)? = refusal else {
                Issue.record("a clock that is \(off) seconds off was taken")
                continue
            }
            #expect((off - 2...off).contains(seconds))
        }
        #expect(try await refusal { $0.regionCode = "local" } == nil)
    }

    @Test("a join token ends by its time, and when a newer one is made")
    func end() async throws {
        let fixture = try await ServiceFixture()
        let made = try await fixture.makeNode("edge") { $0.expiresIn = .value(60) }
        fixture.clock.advance(seconds: 61)
        await #expect(throws: ServiceError.node(.tokenExpired)) {
            _ = try await fixture.controlPlane.join(fixture.application(of: made))
        }
        let newer = try await fixture.controlPlane.perform(
            .makeJoinToken(made.node.id, NewJoinToken()),
            by: fixture.caller
        )
        await #expect(throws: ServiceError.node(.tokenUnknown)) {
            _ = try await fixture.controlPlane.join(fixture.application(of: made))
        }
        _ = try await fixture.controlPlane.join(fixture.application(of: newer))
    }

    @Test("the machine that joins anew is the node, and the one before is turned away")
    func replacement() async throws {
        let fixture = try await ServiceFixture()
        let (node, _, session) = try await fixture.connectedNode("edge")
        let newer = try await fixture.controlPlane.perform(
            .makeJoinToken(node.id, NewJoinToken()),
            by: fixture.caller
        )
        #expect(fixture.controlPlane.isCurrent(session), "until the token is used")
        let joined = try await fixture.controlPlane.join(fixture.application(of: newer))
        #expect(!fixture.controlPlane.isCurrent(session))
        _ = try await fixture.controlPlane.authenticateNode(credential: joined.credential.text)
        await #expect(throws: ServiceError.node(.credentialUnknown)) {
            _ = try await fixture.controlPlane.authenticateNode(credential: "guessed")
        }
    }

    @Test("two credentials are valid until the newer one is shown, and never three")
    func renewal() async throws {
        let fixture = try await ServiceFixture()
        let made = try await fixture.makeNode("edge")
        let first = try await fixture.controlPlane.join(fixture.application(of: made)).credential
        func isValid(_ credential: NodeCredential) async throws -> Bool {
            do {
                _ = try await fixture.controlPlane.authenticateNode(credential: credential.text)
                return true
            } catch ServiceError.node(.credentialUnknown) {
                return false
            }
        }
        let caller = try await fixture.controlPlane.authenticateNode(credential: first.text)
        #expect(caller.renewsAt > fixture.clock.now() && caller.renewsAt < caller.expiresAt)
        let lost = try await fixture.controlPlane.renewCredential(of: caller)
        let second = try await fixture.controlPlane.renewCredential(of: caller)
        let count = try await fixture.store.read { try NodeCredentials.count(of: made.node.id, $0) }
        #expect(count == 2)
        #expect(try await isValid(first))
        #expect(try await !isValid(lost), "its answer was lost, and a newer one took its place")
        #expect(try await isValid(second))
        #expect(try await !isValid(first), "the node has shown that it has the newer one")
    }

    @Test("a credential ends by its time")
    func expiry() async throws {
        let fixture = try await ServiceFixture()
        let made = try await fixture.makeNode("edge")
        let credential = try await fixture.controlPlane.join(fixture.application(of: made))
            .credential
        fixture.clock.advance(seconds: NodeCredential.lifetimeDays * 24 * 60 * 60 + 1)
        await #expect(throws: ServiceError.node(.credentialExpired)) {
            _ = try await fixture.controlPlane.authenticateNode(credential: credential.text)
        }
    }

    @Test("a second process with the credential of a node is turned away, and the node shows it")
    func secondSession() async throws {
        let fixture = try await ServiceFixture()
        let (node, caller, session) = try await fixture.connectedNode("edge")
        #expect(node.state == .connected && node.secondSessionAt == nil)
        await #expect(throws: ServiceError.node(.secondSession)) {
            _ = try await fixture.controlPlane.nodeConnected(caller, fixture.greeting("process 2"))
        }
        #expect(fixture.controlPlane.isCurrent(session))
        let shown = try await fixture.controlPlane.showNode(node.id, by: fixture.caller)
        #expect(shown.secondSessionAt != nil)
        fixture.clock.advance(seconds: 10)
        await #expect(throws: ServiceError.node(.secondSession)) {
            _ = try await fixture.controlPlane.nodeConnected(caller, fixture.greeting("process 2"))
        }
        let later = try await fixture.controlPlane.showNode(node.id, by: fixture.caller)
        let times = (try #require(shown.secondSessionAt), try #require(later.secondSessionAt))
        #expect(times.1 >= times.0.advanced(bySeconds: 10), "the last time is shown")
        #expect(later.updatedAt == shown.updatedAt, "and fills no journal")
        let again = try await fixture.controlPlane.nodeConnected(
            caller,
            fixture.greeting("process 1")
        )
        #expect(!fixture.controlPlane.isCurrent(session), "the same process has a new connection")
        await fixture.controlPlane.nodeDisconnected(session)
        #expect(
            try await fixture.controlPlane.showNode(node.id, by: fixture.caller).state == .connected
        )
        await fixture.controlPlane.nodeDisconnected(again)
        #expect(try await fixture.controlPlane.showNode(node.id, by: fixture.caller).state == .away)
    }

    @Test("a node is shown with what it said last, and is away after a restart of the server")
    func heard() async throws {
        let fixture = try await ServiceFixture()
        let (node, _, session) = try await fixture.connectedNode("edge")
        fixture.clock.advance(seconds: 90)
        await fixture.controlPlane.nodeReported(
            session,
            NodeWord(revision: 7, loadPercent: 12)
        )
        let shown = try await fixture.controlPlane.showNode(node.id, by: fixture.caller)
        #expect(shown.activity.revision == 7 && shown.activity.loadPercent == 12)
        let seen = try #require(shown.lastSeenAt)
        #expect(seen > node.presenceSince)
        let restarted = try await ServiceFixture(
            store: fixture.store,
            masterKey: fixture.masterKey,
            clock: fixture.clock
        )
        let after = try await restarted.controlPlane.showNode(node.id, by: restarted.caller)
        #expect(after.state == .away && after.lastSeenAt == seen)
        #expect(try await restarted.embeddedNode().state == .connected)
    }

    @Test("a report of a node is counted once, whichever of its processes made it")
    func reports() async throws {
        let fixture = try await ServiceFixture()
        let node = try await fixture.connectedNode("edge").node
        let time = fixture.clock.now()
        let counted = try await fixture.store.write { db in
            try [("a", 1), ("a", 2), ("a", 2), ("a", 1), ("b", 1), ("a", 3), ("b", 1)].map {
                try NodeCredentials.noteReport(
                    of: node.id,
                    generation: $0.0,
                    sequence: $0.1,
                    at: time,
                    db
                )
            }
        }
        #expect(counted == [true, true, false, false, true, true, false])
    }

    @Test("a join token is read as it was written, and no other text is one")
    func text() throws {
        let token = JoinToken(
            serverURL: "https://vpn.example.com:8443",
            fingerprint: String(repeating: "a0", count: 32),
            nodeID: .random(),
            secret: "s-_9"
        )
        #expect(JoinToken("\(token)") == token)
        let plain = JoinToken(
            serverURL: "http://127.0.0.1:8080",
            fingerprint: nil,
            nodeID: .random(),
            secret: "s"
        )
        #expect(JoinToken("\(plain)") == plain)
        #expect(!"\(token)".contains { !($0.isLetter || $0.isNumber || "-_.".contains($0)) })
        for text in [
            "", "wgw-join-1", "\(token)x.y", "\(token)".replacing("join-1", with: "join-2"),
        ] {
            #expect(JoinToken(text) == nil, "\(text)")
        }
    }
}
