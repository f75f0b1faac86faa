import GatewayDomain
import GatewayStore
import NodeProtocol
import ServiceTestSupport
import StoreTestSupport
import Testing

@testable import GatewayService

@Suite("A transaction of the control plane")
struct TransactionTests {
    private struct Refusal: Error {}

    @Test("a verb that throws after its changes leaves nothing and publishes nothing")
    func refusedVerb() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let told = ToldEvents(of: fixture.controlPlane)
        let revision = try await fixture.controlPlane.startOfEvents(at: nil)
        let verb = Verb<Network>(requiring: .role(.viewer)) { tx, _ in
            var renamed = network
            renamed.name = "renamed"
            try Networks.rename(renamed, tx.db)
            try tx.journal.updated(.network(network), to: .network(renamed))
            throw Refusal()
        }
        await #expect(throws: Refusal.self) {
            _ = try await fixture.controlPlane.perform(verb, by: fixture.caller)
        }
        let shown = try await fixture.controlPlane.showNetwork(network.id, by: fixture.caller)
        #expect(shown == network)
        #expect(try await fixture.controlPlane.startOfEvents(at: nil) == revision)
        #expect(told.all.isEmpty)
    }

    @Test("a verb whose commit fails leaves nothing and publishes nothing")
    func failedCommit() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let told = ToldEvents(of: fixture.controlPlane)
        // References are checked by the commit itself then.
        let verb = Verb<Network>(requiring: .role(.viewer)) { tx, _ in
            try tx.db.executeScript(
                TestStore.isOnPostgreSQL
                    ? """
                    ALTER TABLE network ALTER CONSTRAINT network_organization_id_fkey
                    DEFERRABLE INITIALLY DEFERRED
                    """
                    : "PRAGMA defer_foreign_keys = ON"
            )
            try tx.db.executeScript("UPDATE network SET organization_id = 'missing'")
            try tx.journal.updated(.network(network), to: .network(network))
            return network
        }
        await #expect(throws: (any Error).self) {
            _ = try await fixture.controlPlane.perform(verb, by: fixture.caller)
        }
        #expect(
            try await fixture.controlPlane.showNetwork(network.id, by: fixture.caller) == network
        )
        #expect(told.all.isEmpty)
    }

    @Test("a caller without the permission of a verb does not reach its rule")
    func permission() async throws {
        let fixture = try await ServiceFixture()
        let viewer = fixture.caller.with(role: .viewer)
        let verb = Verb<Void>(requiring: .role(.member)) { _, _ in
            Issue.record("the rule runs")
        }
        await #expect(throws: ServiceError.forbidden(has: .viewer, needs: .member)) {
            try await fixture.controlPlane.perform(verb, by: viewer)
        }
        let restricted = fixture.caller.with(role: .admin, networks: [.random()])
        let wide = Verb<Void>(requiring: .unrestricted(.viewer)) { _, _ in
            Issue.record("the rule runs")
        }
        await #expect(throws: ServiceError.restrictedKey) {
            try await fixture.controlPlane.perform(wide, by: restricted)
        }
    }

    @Test("a verb that is performed twice makes two things")
    func description() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        var gatewayRequest = NewGateway()
        gatewayRequest.networkID = .value(network.id)
        gatewayRequest.regionCode = .value("local")
        let gateways = try await fixture.performTwice(.createGateway(gatewayRequest))
        #expect(gateways.0.id != gateways.1.id)
        #expect(gateways.0.publicKey != gateways.1.publicKey)

        var peerRequest = NewPeer()
        peerRequest.gatewayID = .value(gateways.0.id)
        let peers = try await fixture.performTwice(.createPeer(peerRequest))
        #expect(peers.0.peer.id != peers.1.peer.id)
        #expect(peers.0.peer.publicKey != peers.1.peer.publicKey)

        let changed = try await fixture.performTwice(.updatePeer(peers.0.peer.id, PeerChange()))
        #expect(changed.0.peer.id == changed.1.peer.id)
        #expect(changed.0.peer.publicKey != changed.1.peer.publicKey)
    }

    @Test("changes made at the same time are told in the order of their revisions, each once")
    func order() async throws {
        let fixture = try await ServiceFixture()
        let told = ToldEvents(of: fixture.controlPlane)
        let before = try await fixture.controlPlane.startOfEvents(at: nil)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { _ = try await fixture.network() } }
            try await group.waitForAll()
        }
        #expect(told.all.map(\.revision) == Array(before + 1...before + 50))
    }

    @Test("what is told is what the journal has")
    func sameAsJournal() async throws {
        let fixture = try await ServiceFixture()
        let told = ToldEvents(of: fixture.controlPlane)
        let start = try await fixture.controlPlane.startOfEvents(at: nil)
        let network = try await fixture.network()
        let gateway = try await fixture.gateway(in: network)
        let peer = try await fixture.peer(of: gateway).peer
        var wayOut = NewDefaultGateway()
        wayOut.peerID = .value(peer.id)
        let exit = try await fixture.controlPlane.perform(
            .createDefaultGateway(of: network.id, wayOut),
            by: fixture.caller
        )
        let report = GatewayReport(id: gateway.id, status: .provisioned, reason: nil)
        try await fixture.controlPlane.nodeFeed.report(gateways: [report])
        let deleted = try await fixture.controlPlane.deleteGateway(gateway.id, by: fixture.caller)
        #expect(deleted.status == .deleting)

        let changes = told.all
        #expect(
            changes.map(\.objectID) == [
                "\(network.id)", "\(gateway.id)", "\(peer.id)", "\(exit.id)", "\(peer.id)",
                "\(gateway.id)", "\(exit.id)", "\(exit.id)", "\(peer.id)", "\(gateway.id)",
            ]
        )
        #expect(changes.allSatisfy { !$0.mayHaveNewKey })
        let stored = try await fixture.controlPlane.listEvents(
            filter: EventFilter(),
            page: try #require(Page(number: 1, size: 250)),
            by: fixture.caller
        ).elements.filter { $0.revision > start }
        #expect(stored.map(\.revision) == told.all.map(\.revision))
        #expect(stored.map(\.event.objectType) == told.all.map(\.objectType))
        #expect(stored.map(\.event.objectID) == told.all.map(\.objectID))
        #expect(stored.map(\.event.operation) == told.all.map(\.operation))
        #expect(
            try await fixture.store.read { db in
                try Events.notices(behind: start, upTo: Events.newestRevision(db), db)
            }
            .map(\.revision) == told.all.map(\.revision)
        )
    }

    @Test("a peer's next key pair is told as such")
    func newKey() async throws {
        let fixture = try await ServiceFixture()
        let peer = try await fixture.peer(of: fixture.gateway(in: fixture.network())).peer
        let told = ToldEvents(of: fixture.controlPlane)
        _ = try await fixture.controlPlane.perform(
            .updatePeer(peer.id, PeerChange()),
            by: fixture.caller
        )
        #expect(told.all.map(\.mayHaveNewKey) == [true])
    }

    @Test("several commits wake a slow reader once, and a commit of no interest never")
    func coalesced() async throws {
        let fixture = try await ServiceFixture()
        let all = fixture.controlPlane.commits.wakes(atLeastEvery: .seconds(86_400))
        let keys = fixture.controlPlane.commits.wakes(atLeastEvery: .seconds(86_400)) {
            $0.objectType == .apiKey
        }
        for _ in 0..<10 { _ = try await fixture.network() }
        for stop in [all.stop, keys.stop] { stop() }
        var wakes = (all: 0, keys: 0)
        for await _ in all.wakes { wakes.all += 1 }
        for await _ in keys.wakes { wakes.keys += 1 }
        #expect(wakes == (1, 0))
    }

    @Test("each change of a gateway or a peer wakes the nodes at once", .timeLimit(.minutes(2)))
    func wakesOfNodes() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let wakes = fixture.controlPlane.nodeFeed.wakes(atLeastEvery: .seconds(86_400))
        var wake = wakes.makeAsyncIterator()
        let gateway = try await fixture.gateway(in: network)
        await wake.next()
        let peer = try await fixture.peer(of: gateway).peer
        await wake.next()
        _ = try await fixture.controlPlane.perform(
            .updatePeer(peer.id, PeerChange()),
            by: fixture.caller
        )
        await wake.next()
        _ = try await fixture.controlPlane.perform(.deletePeer(peer.id), by: fixture.caller)
        await wake.next()
        _ = try await fixture.controlPlane.deleteGateway(gateway.id, by: fixture.caller)
        await wake.next()
    }

    @Test("the request after a revocation is refused, whatever was remembered of the key")
    func revocation() async throws {
        let fixture = try await ServiceFixture()
        for _ in 0..<20 {
            let made = try await fixture.key(role: .viewer)
            #expect(try await fixture.controlPlane.authenticate(bearer: made.text) != nil)
            _ = try await fixture.controlPlane.perform(
                .revokeAPIKey(made.key.id),
                by: fixture.caller
            )
            #expect(try await fixture.controlPlane.authenticate(bearer: made.text) == nil)
        }
    }

    @Test("a key is forgotten before any other part is told of its revocation")
    func forgottenFirst() async throws {
        let fixture = try await ServiceFixture()
        let made = try await fixture.key(role: .viewer)
        _ = try await fixture.controlPlane.authenticate(bearer: made.text)
        let cache = fixture.controlPlane.apiKeyCache
        #expect(cache.remembered(KeyHash.of(made.text)).key != nil)
        try await confirmation("the revocation is told") { told in
            fixture.controlPlane.commits.observe { news in
                #expect(news.notices.map(\.operation) == [.deleted])
                #expect(cache.remembered(KeyHash.of(made.text)).key == nil)
                told()
            }
            _ = try await fixture.controlPlane.perform(
                .revokeAPIKey(made.key.id),
                by: fixture.caller
            )
        }
    }

    @Test("the request after a suspension is refused, and the one after a network's end sees less")
    func otherChangesOfKeys() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let restricted = try await fixture.key(role: .viewer, networks: [network.id])
        let before = try await fixture.controlPlane.authenticate(bearer: restricted.text)
        #expect(before?.scope.networkIDs == [network.id])
        _ = try await fixture.controlPlane.perform(.deleteNetwork(network.id), by: fixture.caller)
        let after = try await fixture.controlPlane.authenticate(bearer: restricted.text)
        #expect(after?.scope.networkIDs == [])

        let stranger = try await fixture.stranger()
        let made = try await fixture.key(role: .owner, by: stranger)
        #expect(try await fixture.controlPlane.authenticate(bearer: made.text) != nil)
        var suspension = OrganizationChange()
        suspension.isSuspended = .value(true)
        _ = try await fixture.controlPlane.perform(
            .updateOrganization(stranger.organizationID, suspension),
            by: fixture.caller
        )
        await #expect(throws: ServiceError.organizationSuspended) {
            _ = try await fixture.controlPlane.authenticate(bearer: made.text)
        }
    }
}

extension ServiceFixture {
    fileprivate func performTwice<Value: Sendable>(
        _ verb: Verb<Value>
    ) async throws -> (Value, Value) {
        (
            try await controlPlane.perform(verb, by: caller),
            try await controlPlane.perform(verb, by: caller)
        )
    }
}

extension Caller {
    fileprivate func with(role: Role, networks: Set<NetworkID>? = nil) -> Caller {
        Caller(
            APIKey(
                id: APIKeyID(uuid: principal.id.uuid),
                organizationID: organizationID,
                name: name,
                prefix: nil,
                role: role,
                networkIDs: networks,
                createdAt: Timestamp(microseconds: 0)
            )
        )
    }
}
