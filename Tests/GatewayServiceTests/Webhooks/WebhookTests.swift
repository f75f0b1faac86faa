import APIContract
import GatewayDomain
import GatewayStore
import JSON
import NodeProtocol
import ServiceTestSupport
import Synchronization
import Testing

@testable import GatewayService

@Suite("Webhooks")
struct WebhookTests {
    private let target = WebhookTarget()
    private let fixture: ServiceFixture

    init() async throws {
        fixture = try await ServiceFixture(webhooks: target.ports)
    }

    private var controlPlane: ControlPlane { fixture.controlPlane }

    private func webhook(
        _ events: String...,
        url: String = "https://example.com/wgw"
    ) async throws -> WebhookWithSecret {
        let request = NewWebhook(
            reading: [
                "name": "alerts", "url": .string(url),
                "events": .array(events.map { .string($0) }),
            ]
        )
        return try await controlPlane.perform(.createWebhook(request), by: fixture.caller)
    }

    private func rename(_ network: Network, to name: String) async throws {
        let change = NetworkChange(reading: ["name": .string(name)])
        _ = try await controlPlane.perform(.renameNetwork(network.id, change), by: fixture.caller)
    }

    private func shown(_ made: WebhookWithSecret) async throws -> Webhook {
        try await controlPlane.showWebhook(made.webhook.id, by: fixture.caller)
    }

    private func queuedCount(_ made: WebhookWithSecret) async throws -> Int {
        try await fixture.store.read { try WebhookEvents.count(for: made.webhook.id, $0) }
    }

    @Test(
        "a webhook is sent the events that it asks for, signed, and each once where it takes them"
    )
    func delivery() async throws {
        let made = try await webhook("network.*")
        let network = try await fixture.network()
        _ = try await fixture.gateway(in: network)
        try await rename(network, to: "other")
        try await controlPlane.deliverWebhooks()
        let requests = target.takeRequests()
        #expect(requests.map(\.type) == ["network.created", "network.updated"])
        #expect(requests.allSatisfy { $0.text("object_id") == "\(network.id)" })
        for request in requests {
            let second = try #require(Int64(request.header("webhook-timestamp") ?? ""))
            let signature = made.secret.signature(
                of: request.body,
                id: request.eventID,
                second: second
            )
            #expect(request.header("webhook-signature") == signature)
            #expect(request.text("id") == request.eventID)
            #expect(request.url.description == "https://example.com/wgw")
        }
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().isEmpty)
        let standing = try await shown(made).standing
        #expect(standing.lastDeliveredAt != nil && standing.failingSince == nil)
        let deliveries = try await controlPlane.webhookDeliveries(
            of: made.webhook.id,
            by: fixture.caller
        )
        #expect(deliveries.map(\.eventID) == requests.map(\.eventID).reversed())
        #expect(deliveries.allSatisfy { $0.status == 204 && $0.error == nil })
    }

    /// Made by Python's `hmac`, with which the example of standardwebhooks.com has the signature that stands there. Its secret
    /// is shorter than ours.
    @Test("the signature of a webhook is what another program makes of the same secret and body")
    func signature() throws {
        let secret = try #require(
            WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAAECAwQFBgc=")
        )
        #expect(secret.text == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAAECAwQFBgc=")
        let signature = secret.signature(
            of: #"{"test": 2432232314}"#,
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            second: 1_614_265_330
        )
        #expect(signature == "v1,rNzDVFv7ieioX7LKz/1uT2krIi9avoQDYPZUjMAnWrI=")
    }

    @Test("an event that was not taken is sent again with growing pauses, and the same id and body")
    func retries() async throws {
        let made = try await webhook("network.*")
        target.answer { _ in .status(500, text: "no room") }
        _ = try await fixture.network()
        try await controlPlane.deliverWebhooks()
        let first = try #require(target.takeRequests().first)
        for pause: Int64 in [5, 15, 45, 135, 405, 1_215, 3_600, 3_600] {
            fixture.clock.advance(seconds: pause - 1)
            try await controlPlane.deliverWebhooks()
            #expect(target.takeRequests().isEmpty, "before \(pause) seconds")
            fixture.clock.advance(seconds: 1)
            try await controlPlane.deliverWebhooks()
            let again = target.takeRequests()
            #expect(again.map(\.eventID) == [first.eventID], "after \(pause) seconds")
            #expect(again.first?.body == first.body)
            #expect(again.first?.header("webhook-timestamp") != first.header("webhook-timestamp"))
        }
        var standing = try await shown(made).standing
        #expect(try await shown(made).backlog.count == 1 && standing.failingSince != nil)
        #expect(standing.lastError == "status 500: no room")
        target.answer { _ in .status(200, text: "") }
        fixture.clock.advance(seconds: 3_600)
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().count == 1)
        standing = try await shown(made).standing
        #expect(try await shown(made).backlog.count == 0 && standing.failingSince == nil)
        #expect(try await queuedCount(made) == 0)
    }

    @Test(
        "events of one object are sent in their order, and one that fails holds up no other object"
    )
    func order() async throws {
        _ = try await webhook("network.*")
        let (bad, good) = (try await fixture.network(), try await fixture.network())
        try await controlPlane.deliverWebhooks()
        _ = target.takeRequests()
        let badID = "\(bad.id)"
        target.answer { request in
            .status(request.text("object_id") == badID ? 503 : 200, text: "")
        }
        for name in ["a", "b", "c"] {
            try await rename(bad, to: name)
            try await rename(good, to: name)
        }
        try await controlPlane.deliverWebhooks()
        let requests = target.takeRequests()
        #expect(requests.filter { $0.text("object_id") == badID }.count == 1)
        #expect(requests.count == 4)
        // What comes later waits behind them.
        try await rename(bad, to: "d")
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().isEmpty)
        target.answer { _ in .status(200, text: "") }
        fixture.clock.advance(seconds: 5)
        try await controlPlane.deliverWebhooks()
        let ids = target.takeRequests().compactMap { Int($0.eventID) }
        #expect(ids.count == 4 && ids == ids.sorted())
    }

    @Test("an event that comes while a retry of its object fails waits behind that")
    func orderInOneRound() async throws {
        _ = try await webhook("network.*")
        let network = try await fixture.network()
        target.answer { _ in .status(503, text: "") }
        try await controlPlane.deliverWebhooks()
        let first = try #require(target.takeRequests().first)
        // The retry and the new event are of one round.
        try await rename(network, to: "a")
        fixture.clock.advance(seconds: 5)
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().map(\.eventID) == [first.eventID])
        target.answer { _ in .status(200, text: "") }
        fixture.clock.advance(seconds: 14)
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().isEmpty)
        fixture.clock.advance(seconds: 1)
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().map(\.type) == ["network.created", "network.updated"])
    }

    @Test("an event that the journal does not have is sent behind the entry of its revision")
    func orderOfTies() async throws {
        let made = try await webhook("network.*")
        let network = try await fixture.network()
        // It is noted before the webhook's round reads the entry.
        let now = fixture.clock.now()
        try await fixture.store.write { db in
            try WebhookEvents.insert(
                WebhookEvents.Queued(
                    objectID: "\(network.id)",
                    revision: try Events.newestRevision(db),
                    eventID: "late",
                    type: "network.told",
                    body: "{}",
                    queuedAt: now,
                    nextAttemptAt: now
                ),
                for: made.webhook.id,
                db
            )
        }
        try await controlPlane.deliverWebhooks()
        let ids = target.takeRequests().map(\.eventID)
        #expect(ids.count == 2 && ids.last == "late")
    }

    @Test(
        "a target that takes nothing is left alone for as long as it has failed, and then tried once"
    )
    func deadTarget() async throws {
        let made = try await webhook("network.*")
        target.answer { _ in .none("nothing listens there") }
        for _ in 0..<3 { _ = try await fixture.network() }
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().count == 3)
        // Nor is what is new.
        _ = try await fixture.network()
        fixture.clock.advance(seconds: 4)
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().isEmpty)
        fixture.clock.advance(seconds: 600)
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().count == 1)
        #expect(try await queuedCount(made) == 4)
        fixture.clock.advance(seconds: 600)
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().isEmpty)
        target.answer { _ in .status(200, text: "") }
        fixture.clock.advance(seconds: 10)
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().count == 4)
        #expect(try await queuedCount(made) == 0)
    }

    @Test("a webhook that has changed is tried at once, however long its target took nothing")
    func changedTarget() async throws {
        let made = try await webhook("network.*")
        target.answer { _ in .none("nothing listens there") }
        for _ in 0..<2 { _ = try await fixture.network() }
        try await controlPlane.deliverWebhooks()
        _ = target.takeRequests()
        target.answer { _ in .status(200, text: "") }
        let change = WebhookChange(reading: ["url": "https://example.com/other"])
        _ = try await controlPlane.perform(
            .updateWebhook(made.webhook.id, change),
            by: fixture.caller
        )
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().count == 2)
    }

    @Test("while the store takes nothing, the same events are sent with growing pauses")
    func unstored() async throws {
        let made = try await webhook("network.*")
        _ = try await fixture.network()
        // Sending goes on, and its end cannot be written down.
        _ = try await fixture.store.write { db in
            try db.execute("ALTER TABLE webhook_delivery RENAME TO away")
        }
        for pause: Int64 in [1, 2, 4] {
            await #expect(throws: (any Error).self) { try await controlPlane.deliverWebhooks() }
            #expect(target.takeRequests().count == 1)
            fixture.clock.advance(seconds: pause - 1)
            try await controlPlane.deliverWebhooks()
            #expect(target.takeRequests().isEmpty)
            fixture.clock.advance(seconds: 1)
        }
        _ = try await fixture.store.write { db in
            try db.execute("ALTER TABLE away RENAME TO webhook_delivery")
        }
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().count == 1)
        #expect(try await shown(made).standing.lastDeliveredAt != nil)
    }

    @Test("a server whose lease another one has taken does not send until it has one again")
    func lostLease() async throws {
        let first = fixture.otherServer(webhooks: target.ports)
        _ = try await webhook("network.*")
        _ = try await fixture.network()
        try await first.deliverWebhooks()
        _ = target.takeRequests()
        try await fixture.store.write { db in
            let lease = try #require(try Leases.find(ControlPlane.webhookLeaseName, db))
            try Leases.put(
                Leases.Lease(
                    name: lease.name,
                    holder: "another",
                    epoch: lease.epoch + 1,
                    endsAt: fixture.clock.now().advanced(bySeconds: 60)
                ),
                db
            )
        }
        _ = try await fixture.network()
        await #expect(throws: LeaseLost.self) { try await first.deliverWebhooks() }
        #expect(target.takeRequests().count == 1)
        fixture.clock.advance(seconds: 2)
        try await first.deliverWebhooks()
        #expect(target.takeRequests().isEmpty)
    }

    @Test("the day of an event begins when it happens, however long it was in the journal")
    func dayOfAnEvent() async throws {
        let made = try await webhook("network.*")
        _ = try await fixture.network()
        fixture.clock.advance(seconds: 86_401)
        target.answer { _ in .none("nothing listens there") }
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().count == 1)
        #expect(try await shown(made).standing.droppedCount == 1)
        #expect(try await queuedCount(made) == 0)
    }

    @Test("an event is given up after a day of failures, with what waited behind it as long")
    func expiry() async throws {
        let made = try await webhook("network.*")
        target.answer { _ in .none("nothing listens there") }
        let network = try await fixture.network()
        try await rename(network, to: "a")
        try await controlPlane.deliverWebhooks()
        #expect(try await queuedCount(made) == 2)
        fixture.clock.advance(seconds: 86_390)
        try await controlPlane.deliverWebhooks()
        #expect(try await queuedCount(made) == 2)
        try await rename(network, to: "b")
        try await controlPlane.deliverWebhooks()
        fixture.clock.advance(seconds: 3_600)
        try await controlPlane.deliverWebhooks()
        let failing = try await shown(made)
        #expect(failing.standing.droppedCount == 2 && failing.backlog.count == 1)
        #expect(controlPlane.webhookCounts.value(of: .dropped) == 2)
        target.answer { _ in .status(200, text: "") }
        _ = target.takeRequests()
        fixture.clock.advance(seconds: 3_600)
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().map(\.type) == ["network.updated"])
    }

    /// With events that are due in a minute.
    private func fill(_ made: WebhookWithSecret, with count: Int) async throws {
        let time = fixture.clock.now()
        try await fixture.store.write { db in
            for number in 0..<count {
                try WebhookEvents.insert(
                    WebhookEvents.Queued(
                        objectID: "\(number)",
                        revision: 1,
                        eventID: "\(number)",
                        type: "network.created",
                        body: "{}",
                        queuedAt: time,
                        nextAttemptAt: time.advanced(bySeconds: 60)
                    ),
                    for: made.webhook.id,
                    db
                )
            }
        }
    }

    @Test("what a dead target is not sent does not grow without end, and is not lost")
    func bound() async throws {
        let made = try await webhook("network.*")
        target.answer { _ in .none("nothing listens there") }
        let most = WebhookRound.mostQueued
        try await fill(made, with: most - 1)
        for _ in 0..<3 { _ = try await fixture.network() }
        try await controlPlane.deliverWebhooks()
        #expect(try await queuedCount(made) == most)
        #expect(target.takeRequests().map(\.type) == ["network.created"])
        target.answer { _ in .status(200, text: "") }
        try await fixture.store.write { try WebhookEvents.deleteAll(for: made.webhook.id, $0) }
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().map(\.type) == ["network.created", "network.created"])
    }

    @Test("a server that was killed between an attempt and its end sends the event again")
    func death() async throws {
        let made = try await webhook("network.*")
        _ = try await fixture.network()
        let time = fixture.clock.now()
        // It has sent, and settles nothing.
        let round = try await fixture.store.read { db in
            try WebhookRound(made.webhook.id, from: 0, at: time, text: \.text, db)
        }
        #expect(round?.chains.count == 1)
        let other = fixture.otherServer(webhooks: target.ports)
        try await other.deliverWebhooks()
        #expect(target.takeRequests().map(\.type) == ["network.created"])
        // Nor is a late one that has lost the race believed.
        let end = try await controlPlane.change { tx in
            try tx.store([], of: try #require(round))
        }
        #expect(end == nil)
    }

    @Test("with the end of a server, what it delivered is not sent again, and what it cut off is")
    func stop() async throws {
        let made = try await webhook("network.*")
        let networks = [try await fixture.network(), try await fixture.network()]
        let cutOff = "\(networks[1].id)"
        let (attempts, begun) = AsyncStream.makeStream(of: Void.self)
        let ports = WebhookPorts(text: \.text) { request in
            defer { begun.yield() }
            guard request.text("object_id") == cutOff else { return .status(204, text: "") }
            begun.yield()
            try? await Task.sleep(for: .seconds(600))
            return .none("the server stops")
        }
        let stopping = fixture.otherServer(webhooks: ports)
        let delivery = Task { try await stopping.deliverWebhooks() }
        for await _ in attempts.prefix(2) {}
        delivery.cancel()
        _ = await delivery.result
        #expect(try await shown(made).standing.failingSince == nil)
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().map { $0.text("object_id") } == [cutOff])
    }

    @Test("one of several servers sends to webhooks, and another one goes on when it is gone")
    func servers() async throws {
        let first = fixture.otherServer(webhooks: target.ports)
        let second = fixture.otherServer(webhooks: target.ports)
        _ = try await webhook("network.*")
        _ = try await fixture.network()
        try await first.deliverWebhooks()
        #expect(target.takeRequests().count == 1)
        _ = try await fixture.network()
        try await second.deliverWebhooks()
        #expect(target.takeRequests().isEmpty)
        fixture.clock.advance(seconds: 61)
        try await second.deliverWebhooks()
        #expect(target.takeRequests().count == 1)
    }

    @Test("a disabled webhook is sent nothing, and later nothing of that time")
    func disabling() async throws {
        let made = try await webhook("network.*")
        target.answer { _ in .status(500, text: "") }
        _ = try await fixture.network()
        try await controlPlane.deliverWebhooks()
        target.answer { _ in .status(200, text: "") }
        for isEnabled in [false, true] {
            let change = WebhookChange(reading: ["enabled": .bool(isEnabled)])
            _ = try await controlPlane.perform(
                .updateWebhook(made.webhook.id, change),
                by: fixture.caller
            )
            if !isEnabled { _ = try await fixture.network() }
            _ = target.takeRequests()
            fixture.clock.advance(seconds: 60)
            try await controlPlane.deliverWebhooks()
            #expect(target.takeRequests().isEmpty)
        }
        _ = try await fixture.network()
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().count == 1)
    }

    @Test("with another secret, both sign for a day, or the new one alone")
    func rotation() async throws {
        let made = try await webhook("network.*")
        func signatures() async throws -> [String] {
            _ = try await fixture.network()
            try await controlPlane.deliverWebhooks()
            let request = try #require(target.takeRequests().last)
            let second = try #require(Int64(request.header("webhook-timestamp") ?? ""))
            let found = try #require(request.header("webhook-signature")).split(separator: " ")
            let first = made.secret.signature(
                of: request.body,
                id: request.eventID,
                second: second
            )
            #expect(Set(found).count == found.count)
            return found.map { $0 == first ? "first" : "other" }
        }
        let rotated = try await controlPlane.perform(
            .rotateWebhookSecret(made.webhook.id, NewWebhookSecret()),
            by: fixture.caller
        )
        #expect(rotated.secret.text != made.secret.text)
        #expect(try await signatures() == ["other", "first"])
        fixture.clock.advance(seconds: 86_400)
        #expect(try await signatures() == ["other"])
        _ = try await controlPlane.perform(
            .rotateWebhookSecret(
                made.webhook.id,
                NewWebhookSecret(reading: ["old_expires_in": .integer(0)])
            ),
            by: fixture.caller
        )
        #expect(try await signatures() == ["other"])
    }

    @Test(
        "a webhook is told when peers connect and when they fall silent, and not how they were before"
    )
    func presence() async throws {
        let node = try await fixture.connectedNode("edge").node
        let network = try await fixture.network()
        let gateway = try await fixture.gateway(in: network) { $0.nodeID = .value(node.id) }
        let early = try await fixture.peer(of: gateway).peer
        let late = try await fixture.peer(of: gateway).peer
        try await shake(hands: early, of: node, sequence: 1)
        _ = try await webhook("wireguard_peer.connected", "wireguard_peer.silent")
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().isEmpty)
        try await shake(hands: late, of: node, sequence: 2)
        try await controlPlane.deliverWebhooks()
        try await controlPlane.deliverWebhooks()
        let connected = target.takeRequests()
        #expect(connected.map(\.type) == ["wireguard_peer.connected"])
        #expect(connected.first?.text("object_id") == "\(late.id)")
        #expect(connected.first?.text("network_id") == "\(network.id)")
        fixture.clock.advance(seconds: PeerConnection.sessionSeconds - 10)
        try await shake(hands: late, of: node, sequence: 3)
        fixture.clock.advance(seconds: 20)
        try await controlPlane.deliverWebhooks()
        let silent = target.takeRequests()
        #expect(silent.map(\.type) == ["wireguard_peer.silent"])
        #expect(silent.first?.text("object_id") == "\(early.id)")
        #expect(Set((connected + silent).map(\.eventID)).count == 2)
    }

    @Test("what a webhook is not told of peers, as too much waits for it already, is counted")
    func presenceBehindMany() async throws {
        let node = try await fixture.connectedNode("edge").node
        let gateway = try await fixture.gateway(in: fixture.network()) {
            $0.nodeID = .value(node.id)
        }
        let made = try await webhook("wireguard_peer.connected")
        try await fill(made, with: WebhookRound.mostQueued - 1)
        for sequence: Int64 in 1...2 {
            let peer = try await fixture.peer(of: gateway).peer
            try await shake(hands: peer, of: node, sequence: sequence)
        }
        try await controlPlane.deliverWebhooks()
        #expect(try await queuedCount(made) == WebhookRound.mostQueued)
        #expect(try await shown(made).standing.droppedCount == 1)
    }

    private func shake(hands peer: Peer, of node: GatewayNode, sequence: Int64) async throws {
        var content = ReportContent()
        content.peers = [
            PeerReport(
                id: peer.id,
                lastSeen: nil,
                latestHandshakeAt: fixture.clock.now(),
                endpoint: nil,
                rxBytesAdded: 0,
                txBytesAdded: 0
            )
        ]
        try await controlPlane.nodeFeed(of: node.id).count(
            NodeReport(
                number: ReportNumber(generation: "g", sequence: sequence),
                time: fixture.clock.now(),
                content: content
            )
        )
    }

    @Test("a test is sent at once, to a disabled webhook too, and its end is written down")
    func test() async throws {
        let made = try await webhook("network.*")
        target.answer { _ in .none("nothing listens there") }
        let verb = try await controlPlane.testWebhook(made.webhook.id, by: fixture.caller)
        let attempt = try await controlPlane.perform(verb, by: fixture.caller)
        #expect(attempt.error == "nothing listens there" && attempt.type == "webhook.test")
        #expect(target.takeRequests().map(\.type) == ["webhook.test"])
        let remembered = try await controlPlane.webhookDeliveries(
            of: made.webhook.id,
            by: fixture.caller
        )
        #expect(remembered == [attempt])
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().isEmpty)
    }

    @Test("of a webhook, one test is sent at a time")
    func twoTests() async throws {
        let id = try await webhook("network.*").webhook.id
        let server = Mutex<ControlPlane?>(nil)
        let caller = fixture.caller
        let refusals = Mutex(0)
        let ports = WebhookPorts(text: \.text) { _ in
            // While the first one is under way.
            await #expect(throws: WebhookTestUnderWay.self) {
                _ = try await server.withLock(\.self)?.testWebhook(id, by: caller)
            }
            refusals.withLock { $0 += 1 }
            return .status(204, text: "")
        }
        let other = fixture.otherServer(webhooks: ports)
        server.withLock { $0 = other }
        for _ in 0..<2 { _ = try await other.testWebhook(id, by: caller) }
        #expect(refusals.withLock(\.self) == 2)
    }

    @Test("webhooks of one organization are nothing to another one")
    func strangers() async throws {
        let made = try await webhook("*")
        let stranger = try await fixture.stranger()
        let id = made.webhook.id
        await #expect(throws: ServiceError.notFound) {
            try await controlPlane.showWebhook(id, by: stranger)
        }
        await #expect(throws: ServiceError.notFound) {
            try await controlPlane.perform(.deleteWebhook(id), by: stranger)
        }
        await #expect(throws: ServiceError.notFound) {
            try await controlPlane.perform(
                .rotateWebhookSecret(id, NewWebhookSecret()),
                by: stranger
            )
        }
        await #expect(throws: ServiceError.notFound) {
            _ = try await controlPlane.testWebhook(id, by: stranger)
        }
        await #expect(throws: ServiceError.notFound) {
            try await controlPlane.webhookDeliveries(of: id, by: stranger)
        }
        let theirs = NewNetwork(reading: ["name": "theirs"])
        _ = try await controlPlane.perform(.createNetwork(theirs), by: stranger)
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().isEmpty)
    }

    @Test("an organization has ten webhooks at most, and none to private addresses")
    func refusals() async throws {
        for url in ["https://127.0.0.1/", "https://[::1]/", "http://example.com/"] {
            await #expect(throws: ServiceError.self, "\(url)") {
                _ = try await webhook("*", url: url)
            }
        }
        for _ in 0..<10 { _ = try await webhook("*") }
        await #expect(throws: ServiceError.limitReached(objects: "webhooks", limit: 10)) {
            _ = try await webhook("*")
        }
    }
}
