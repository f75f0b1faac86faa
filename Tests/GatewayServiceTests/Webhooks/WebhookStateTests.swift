import APIContract
import GatewayDomain
import GatewayStore
import JSON
import ServiceTestSupport
import Synchronization
import Testing

@testable import GatewayService

/// What owners and operators see of how webhooks go, and what they can do about it.
@Suite("Webhook states")
struct WebhookStateTests {
    private let target = WebhookTarget()
    private let fixture: ServiceFixture

    init() async throws {
        fixture = try await ServiceFixture(webhooks: target.ports)
    }

    private var controlPlane: ControlPlane { fixture.controlPlane }

    private func webhook(_ url: String = "https://example.com/secret?key=1") async throws
        -> WebhookID
    {
        let request = NewWebhook(
            reading: ["name": "alerts", "url": .string(url), "events": ["network.*"]]
        )
        return try await controlPlane.perform(.createWebhook(request), by: fixture.caller)
            .webhook.id
    }

    private func shown(_ id: WebhookID) async throws -> Webhook {
        let shown = try await controlPlane.showWebhook(id, by: fixture.caller)
        let page = try await controlPlane.listWebhooks(name: nil, page: .first, by: fixture.caller)
        #expect(page.elements == [shown])
        return shown
    }

    private func remarks() async throws -> [Remark] {
        try await controlPlane.overview(by: fixture.caller).remarks
            .filter { $0.code == .webhookFailing }
    }

    private func rename(_ network: Network, to name: String) async throws {
        let change = NetworkChange(reading: ["name": .string(name)])
        _ = try await controlPlane.perform(.renameNetwork(network.id, change), by: fixture.caller)
    }

    @Test("a webhook whose target takes nothing is failing, with all that waits and since when")
    func failing() async throws {
        let id = try await webhook()
        #expect(try await shown(id).state == .working)
        target.answer { _ in .status(500, text: "no room") }
        for _ in 0..<2 { _ = try await fixture.network() }
        try await controlPlane.deliverWebhooks()
        fixture.clock.advance(seconds: 2)
        // The target is left alone: these stay in the journal. What it is not sent is not counted.
        let network = try await fixture.network()
        _ = try await fixture.gateway(in: network)
        try await controlPlane.deliverWebhooks()
        let failing = try await shown(id)
        #expect(failing.state == .failing)
        let begin = try #require(failing.standing.failingSince)
        let first = try #require(failing.backlog.since)
        #expect(failing.backlog.count == 3 && first < begin)
        #expect(first.advanced(bySeconds: 1) > begin)
        #expect(failing.standing.lastError == "status 500: no room")
        let remark = try #require(try await remarks().first)
        #expect(remark.severity == .warning)
        #expect(
            remark.message
                == "The webhook 'alerts' fails since \(begin): status 500: no room; 3 events wait."
        )
        target.answer { _ in .status(204, text: "") }
        fixture.clock.advance(seconds: 5)
        try await controlPlane.deliverWebhooks()
        let working = try await shown(id)
        #expect(working.state == .working)
        #expect(working.backlog == Webhook.Backlog())
        #expect(try await remarks().isEmpty)
    }

    @Test("a webhook for which an event waits that failed is delayed, though others are delivered")
    func delayedByOne() async throws {
        let id = try await webhook()
        let bad = try await fixture.network()
        target.answer { request in
            .status(request.text("object_id") == "\(bad.id)" ? 503 : 200, text: "")
        }
        try await controlPlane.deliverWebhooks()
        _ = try await fixture.network()
        try await controlPlane.deliverWebhooks()
        let delayed = try await shown(id)
        #expect(delayed.standing.failingSince == nil)
        #expect(delayed.state == .delayed && delayed.backlog.count == 1)
        let message = try #require(try await remarks().first?.message)
        #expect(message.contains("is behind") && message.contains("one event waits"))
    }

    @Test("a webhook that a server has not looked at for a minute is delayed")
    func delayedByTime() async throws {
        let id = try await webhook()
        _ = try await fixture.network()
        #expect(try await shown(id).state == .working)
        #expect(try await shown(id).backlog.count == 1)
        fixture.clock.advance(seconds: 60)
        #expect(try await shown(id).state == .delayed)
    }

    @Test("a disabled webhook is disabled, whatever it missed")
    func disabled() async throws {
        let id = try await webhook()
        target.answer { _ in .status(500, text: "") }
        _ = try await fixture.network()
        try await controlPlane.deliverWebhooks()
        let change = WebhookChange(reading: ["enabled": .bool(false)])
        _ = try await controlPlane.perform(.updateWebhook(id, change), by: fixture.caller)
        _ = try await fixture.network()
        fixture.clock.advance(seconds: 60)
        let disabled = try await shown(id)
        #expect(disabled.state == .disabled && disabled.backlog == Webhook.Backlog())
        #expect(try await remarks().isEmpty)
    }

    @Test("callers who may not see webhooks are not told of those that fail")
    func restricted() async throws {
        _ = try await webhook()
        target.answer { _ in .status(500, text: "") }
        _ = try await fixture.network()
        try await controlPlane.deliverWebhooks()
        #expect(try await remarks().count == 1)
        let member = try await Caller.stored(
            .member,
            of: fixture.caller.organizationID,
            at: fixture.clock.now(),
            in: fixture.store
        )
        let overview = try await controlPlane.overview(by: member)
        #expect(!overview.remarks.contains { $0.code == .webhookFailing })
    }

    @Test("a retry sends what waits at once, at whichever server, though the target was left alone")
    func retry() async throws {
        let id = try await webhook()
        let sender = fixture.otherServer(webhooks: target.ports)
        target.answer { _ in .none("nothing listens there") }
        for _ in 0..<2 { _ = try await fixture.network() }
        try await sender.deliverWebhooks()
        for _ in 0..<4 {
            fixture.clock.advance(seconds: 3_600)
            try await sender.deliverWebhooks()
        }
        target.answer { _ in .status(204, text: "") }
        fixture.clock.advance(seconds: 10)
        _ = target.takeRequests()
        try await sender.deliverWebhooks()
        #expect(target.takeRequests().isEmpty)
        let webhook = try await controlPlane.perform(.retryWebhook(id), by: fixture.caller)
        #expect(webhook.backlog.count == 2)
        try await sender.deliverWebhooks()
        #expect(target.takeRequests().count == 2)
        #expect(try await shown(id).state == .working)
        let stranger = try await fixture.stranger()
        await #expect(throws: ServiceError.notFound) {
            try await controlPlane.perform(.retryWebhook(id), by: stranger)
        }
    }

    @Test("the operator is told once that a webhook fails, and once that it works, without its URL")
    func notices() async throws {
        let id = try await webhook()
        target.answer { _ in .status(500, text: "no room at /secret") }
        let network = try await fixture.network()
        try await controlPlane.deliverWebhooks()
        let begin = try #require(try await shown(id).standing.failingSince)
        #expect(target.takeNotices().isEmpty)
        for _ in 0..<4 {
            fixture.clock.advance(seconds: 600)
            try await controlPlane.deliverWebhooks()
        }
        let notice = try #require(target.takeNotices().first)
        let failing = WebhookNotice(
            id: id,
            organizationID: network.organizationID,
            failingSince: begin,
            error: "status 500"
        )
        #expect(notice == failing)
        // A server that begins in the middle of it knows.
        let next = fixture.otherServer(webhooks: target.ports)
        fixture.clock.advance(seconds: 3_600)
        try await next.deliverWebhooks()
        #expect(target.takeNotices().isEmpty)
        target.answer { _ in .status(204, text: "") }
        fixture.clock.advance(seconds: 3_600)
        try await next.deliverWebhooks()
        let works = try #require(target.takeNotices().first)
        #expect(works.error == nil && works.failingSince == begin)
        try await rename(network, to: "a")
        try await next.deliverWebhooks()
        #expect(target.takeNotices().isEmpty)
    }

    @Test(
        "of several servers, the one that sends tells that a webhook works again, whichever told that it fails"
    )
    func noticesOfTwo() async throws {
        let id = try await webhook()
        let (first, second) = (
            fixture.otherServer(webhooks: target.ports), fixture.otherServer(webhooks: target.ports)
        )
        target.answer { _ in .status(500, text: "") }
        _ = try await fixture.network()
        // Both look at it from its begin, and one of them sends.
        for seconds: Int64 in [0, 20, 30, 50] {
            fixture.clock.advance(seconds: seconds)
            try await first.deliverWebhooks()
            try await second.deliverWebhooks()
        }
        #expect(target.takeNotices().map(\.error) == ["status 500"])
        // The other one goes on, and that it fails is told of.
        fixture.clock.advance(seconds: 600)
        try await second.deliverWebhooks()
        #expect(target.takeNotices().isEmpty)
        let since = try await shown(id).standing.failingSince
        target.answer { _ in .status(204, text: "") }
        fixture.clock.advance(seconds: 3_600)
        try await first.deliverWebhooks()
        let notices = target.takeNotices()
        #expect(notices.map(\.error) == [nil] && notices.first?.failingSince == since)
    }

    @Test(
        "a retry, or a change, that comes while an attempt fails is followed by another attempt at once",
        arguments: [true, false]
    )
    func retryInRound(isRetry: Bool) async throws {
        let id = try await webhook()
        let (controlPlane, caller) = (controlPlane, fixture.caller)
        let count = Mutex(0)
        let target = target
        target.answer { _ in .none("nothing listens there") }
        let ports = WebhookPorts(
            text: \.text,
            send: { request in
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                // In the middle of the third attempt, behind which the pause would be long.
                if number == 3 {
                    if isRetry {
                        _ = try? await controlPlane.perform(.retryWebhook(id), by: caller)
                    } else {
                        let change = WebhookChange(reading: ["url": "https://example.com/other"])
                        _ = try? await controlPlane.perform(.updateWebhook(id, change), by: caller)
                    }
                    target.answer { _ in .status(204, text: "") }
                    return .none("nothing listens there")
                }
                return await target.ports.send(request)
            }
        )
        let sender = fixture.otherServer(webhooks: ports)
        _ = try await fixture.network()
        for seconds: Int64 in [0, 5, 3_600] {
            fixture.clock.advance(seconds: seconds)
            try await sender.deliverWebhooks()
        }
        #expect(count.withLock(\.self) == 4)
        #expect(try await shown(id).state == .working)
    }

    @Test(
        "with other events, a webhook is not sent what was there before, and what waits is not lost"
    )
    func otherEvents() async throws {
        let id = try await webhook()
        let network = try await fixture.network()
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().map(\.type) == ["network.created"])
        let gateway = try await fixture.gateway(in: network)
        try await controlPlane.deliverWebhooks()
        func ask(for events: String...) async throws -> Webhook {
            let change = WebhookChange(reading: ["events": .array(events.map { .string($0) })])
            return try await controlPlane.perform(.updateWebhook(id, change), by: fixture.caller)
        }
        // The gateway was made before, and the network's new name waits.
        try await rename(network, to: "a")
        let waiting = try await ask(for: "network.*", "wireguard_interface.*")
        #expect(waiting.backlog.count == 1)
        #expect(try await shown(id).backlog.count == 1)
        // The next server knows no more than what is stored.
        try await fixture.otherServer(webhooks: target.ports).deliverWebhooks()
        #expect(target.takeRequests().map(\.type) == ["network.updated"])
        fixture.clock.advance(seconds: 61)
        _ = try await fixture.peer(of: gateway)
        try await controlPlane.deliverWebhooks()
        _ = target.takeRequests()
        #expect(try await ask(for: "wireguard_peer.*").backlog.count == 0)
        try await fixture.otherServer(webhooks: target.ports).deliverWebhooks()
        #expect(target.takeRequests().isEmpty)
    }

    @Test("the overview says of many events that wait for a webhook that they are many")
    func manyWait() async throws {
        let id = try await webhook()
        let time = fixture.clock.now()
        try await fixture.store.write { db in
            for number in 0..<1_001 {
                try WebhookEvents.insert(
                    WebhookEvents.Queued(
                        objectID: "\(number)",
                        revision: 1,
                        eventID: "\(number)",
                        type: "network.created",
                        body: "{}",
                        attempts: 1,
                        queuedAt: time,
                        nextAttemptAt: time
                    ),
                    for: id,
                    db
                )
            }
        }
        #expect(try await shown(id).backlog.count == 1_001)
        let message = try #require(try await remarks().first?.message)
        #expect(message.hasSuffix("; 1000 events or more wait."))
    }

    @Test("a failure that is soon over is not told to the operator")
    func briefFailure() async throws {
        _ = try await webhook()
        target.answer { _ in .status(500, text: "") }
        _ = try await fixture.network()
        try await controlPlane.deliverWebhooks()
        fixture.clock.advance(seconds: 40)
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().count == 2)
        target.answer { _ in .status(204, text: "") }
        fixture.clock.advance(seconds: 60)
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().count == 1)
        #expect(target.takeNotices().isEmpty)
    }

    @Test(
        "events that leave the journal before they were read for a webhook are counted as skipped"
    )
    func skipped() async throws {
        let id = try await webhook()
        let idle = try await controlPlane.perform(
            .createWebhook(
                NewWebhook(
                    reading: [
                        "name": "idle", "url": "https://example.com/", "events": ["api_key.*"],
                    ]
                )
            ),
            by: fixture.caller
        ).webhook.id
        let network = try await fixture.network()
        try await controlPlane.deliverWebhooks()
        // From here on, no server works for webhooks.
        for name in ["a", "b"] { try await rename(network, to: name) }
        fixture.clock.advance(seconds: 91 * 86_400)
        try await rename(network, to: "c")
        // One that ends when what it has read is gone.
        let time = fixture.clock.now()
        let round = try await fixture.store.read { db in
            try WebhookRound(id, from: 0, at: time, text: \.text, db)
        }
        try await controlPlane.discardExpired()
        try await controlPlane.discardExpired()
        let end = try await controlPlane.change { tx in
            try tx.store([], of: try #require(round))
        }
        #expect(end == nil)
        let webhooks = try await fixture.store.read { db in
            try Webhooks.all(of: fixture.caller.organizationID, db)
        }
        #expect(webhooks.first { $0.id == id }?.standing.skippedCount == 2)
        #expect(webhooks.first { $0.id == idle }?.standing.skippedCount == 0)
        #expect(controlPlane.webhookCounts.value(of: .skipped) == 2)
        _ = target.takeRequests()
        try await controlPlane.deliverWebhooks()
        #expect(target.takeRequests().map(\.type) == ["network.updated"])
        let standing = try await controlPlane.showWebhook(id, by: fixture.caller).standing
        #expect(standing.skippedCount == 2 && standing.failingSince == nil)
    }

    @Test("the place of a webhook that is sent little is stored now and then")
    func place() async throws {
        let id = try await webhook()
        let network = try await fixture.network()
        try await controlPlane.deliverWebhooks()
        func position() async throws -> Int64? {
            try await fixture.store.read { db in try Webhooks.stored(id, db)?.position }
        }
        let first = try #require(try await position())
        let event = Event(
            organizationID: network.organizationID,
            networkID: nil,
            objectType: .apiKey,
            objectID: "a",
            operation: .updated,
            occurredAt: fixture.clock.now(),
            actor: .system,
            requestID: nil,
            before: nil,
            after: nil
        )
        for (count, way) in [(999, Int64(0)), (1, 1_000)] {
            try await fixture.store.write { db in
                for _ in 0..<count { try Events.append(event, db) }
            }
            try await controlPlane.deliverWebhooks()
            #expect(try await position() == first + way)
        }
        // Where that fails, it is tried again later, and nothing is read twice.
        let server = fixture.otherServer(webhooks: target.ports)
        try await server.deliverWebhooks()
        try await fixture.store.write { db in
            for _ in 0..<1_000 { try Events.append(event, db) }
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
        await #expect(throws: LeaseLost.self) { try await server.deliverWebhooks() }
        #expect(server.webhookDesk.place(of: id) == first + 2_000)
        fixture.clock.advance(seconds: 2)
        try await server.deliverWebhooks()
        #expect(try await position() == first + 1_000)
    }
}
