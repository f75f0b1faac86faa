import GatewayAPI
import GatewayStore
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import LogTestSupport
import Logging
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@Suite("The journal")
struct EventTests {
    @Test("an event tells who changed which object, and how it was before and after")
    func shape() async throws {
        try await TestAPI.run { client in
            let network = try await client.network(#"{"name":"old"}"#)
            let before = try await client.get("/v2/networks/\(network)").data
            let headers: HTTPFields = [try #require(.init("x-request-id")): "my-request"]
            let body = Array(#"{"name":"new"}"#.utf8)
            let after = try await client.send(
                .patch,
                "/v2/networks/\(network)",
                body,
                headers: headers
            ).data
            let list = try await client.events("filter[type]=network.updated")
            let event = try #require(list.first)
            #expect(list.count == 1)
            #expect(
                event.names == [
                    "revision", "record_type", "type", "occurred_at", "organization_id",
                    "network_id", "object_type", "object_id", "actor", "request_id", "before",
                    "after",
                ]
            )
            #expect(event["record_type"] == "event")
            #expect(event["type"] == "network.updated")
            #expect(isTimestamp(event["occurred_at"]))
            #expect(isUUID(event["organization_id"]))
            #expect(event["object_type"] == "network")
            #expect(event["object_id"]?.text == network)
            #expect(event["network_id"]?.text == network)
            #expect(event["request_id"] == "my-request")
            #expect(event["actor"]?["type"] == "api_key")
            #expect(event["actor"]?["name"] == "first key")
            #expect(isUUID(event["actor"]?["id"]))
            #expect(event["before"] == before)
            #expect(event["after"] == after)
        }
    }

    @Test("the journal has an event for every change, and for what is deleted with an object")
    func everyChange() async throws {
        try await TestAPI.run { client in
            var seen = try await client.events().count
            func expect(_ types: [String], _ change: () async throws -> Void) async throws {
                try await change()
                let events = try await client.events()
                let new = events.dropFirst(seen).map { $0["type"]?.text ?? "" }
                #expect(new == types)
                seen = events.count
            }
            var (network, gateway, peer, way) = ("", "", "", "")
            try await expect(["network.created"]) { network = try await client.network() }
            try await expect(["wireguard_interface.created"]) {
                gateway = try await client.gateway(in: network)
            }
            try await expect(["wireguard_interface.updated"]) {
                _ = try await client.patch(
                    "/v2/wireguard_interfaces/\(gateway)",
                    #"{"mtu":1400}"#
                )
            }
            try await expect(["wireguard_peer.created"]) {
                peer = try await client.peer(of: gateway)
            }
            try await expect(["wireguard_peer.updated"]) {
                _ = try await client.patch("/v2/wireguard_peers/\(peer)", "{}")
            }
            let limits = "/v2/wireguard_peers/\(peer)/limits"
            try await expect(["limits.created"]) {
                _ = try await client.send(.put, limits, Array(#"{"rx_rate":1000000}"#.utf8))
            }
            try await expect(["limits.updated"]) {
                _ = try await client.send(.put, limits, Array(#"{"rx_rate":2000000}"#.utf8))
            }
            try await expect(["limits.deleted"]) { _ = try await client.delete(limits) }
            let byPeer = #"{"wireguard_peer_id":"\#(peer)"}"#
            try await expect(["default_gateway.created", "wireguard_peer.updated"]) {
                _ = try await client.post("/v2/networks/\(network)/default_gateway", byPeer)
            }
            try await expect(["default_gateway.deleted", "wireguard_peer.updated"]) {
                _ = try await client.delete("/v2/networks/\(network)/default_gateway")
            }
            _ = try await client.post("/v2/networks/\(network)/default_gateway", byPeer)
            seen += 2
            try await expect(["default_gateway.deleted", "wireguard_peer.deleted"]) {
                _ = try await client.delete("/v2/wireguard_peers/\(peer)")
            }
            peer = try await client.peer(of: gateway)
            _ = try await client.post(
                "/v2/networks/\(network)/default_gateway",
                #"{"wireguard_peer_id":"\#(peer)"}"#
            )
            seen += 3
            try await expect([
                "default_gateway.deleted", "wireguard_peer.deleted", "wireguard_interface.deleted",
            ]) { _ = try await client.delete("/v2/wireguard_interfaces/\(gateway)") }
            try await expect(["public_internet_gateway.created"]) {
                way = try await client.post(
                    "/v2/public_internet_gateways",
                    #"{"network_id":"\#(network)","region_code":"local"}"#
                ).created(202)
            }
            try await expect(["public_internet_gateway.deleted"]) {
                _ = try await client.delete("/v2/public_internet_gateways/\(way)")
            }
            var key = ""
            try await expect(["api_key.created"]) {
                key = try await client.post(
                    "/v2/api_keys",
                    #"{"name":"k","role":"viewer","network_ids":["\#(network)"]}"#
                ).created(200)
            }
            try await expect(["network.updated"]) {
                _ = try await client.patch("/v2/networks/\(network)", #"{"name":"m"}"#)
            }
            _ = try await client.post("/v2/networks/\(network)/default_gateway", "{}")
            seen += 1
            try await expect(["default_gateway.deleted", "api_key.updated", "network.deleted"]) {
                _ = try await client.delete("/v2/networks/\(network)")
            }
            try await expect(["api_key.deleted"]) {
                _ = try await client.delete("/v2/api_keys/\(key)")
            }
            var user = ""
            try await expect(["user.created"]) {
                user = try await client.post("/v2/users", #"{"name":"u","role":"viewer"}"#)
                    .created(200)
            }
            try await expect(["user.updated"]) {
                _ = try await client.patch("/v2/users/\(user)", #"{"name":"v"}"#)
            }
            try await expect(["user.updated"]) {
                _ = try await client.post("/v2/users/\(user)/invitation", "{}")
            }
            try await expect(["user.deleted"]) { _ = try await client.delete("/v2/users/\(user)") }
            var webhook = ""
            try await expect(["webhook.created"]) { webhook = try await client.webhook() }
            try await expect(["webhook.updated"]) {
                _ = try await client.patch("/v2/webhooks/\(webhook)", #"{"enabled":false}"#)
            }
            try await expect(["webhook.updated"]) {
                _ = try await client.post("/v2/webhooks/\(webhook)/secret", "{}")
            }
            for verb in ["test", "retry"] {
                try await expect([]) {
                    _ = try await client.post("/v2/webhooks/\(webhook)/\(verb)", "{}")
                }
            }
            try await expect(["webhook.deleted"]) {
                _ = try await client.delete("/v2/webhooks/\(webhook)")
            }
            var organization = ""
            try await expect(["organization.created"]) {
                organization = try await client.post("/v2/organizations", #"{"name":"o"}"#)
                    .created(200)
            }
            try await expect(["organization.updated"]) {
                _ = try await client.patch(
                    "/v2/organizations/\(organization)",
                    #"{"suspended":true}"#
                )
            }
            try await expect(["organization.deleted"]) {
                _ = try await client.delete("/v2/organizations/\(organization)")
            }
        }
    }

    @Test("events have the order of the lists, however many objects are created at once")
    func listOrder() async throws {
        try await TestAPI.run { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<200 { group.addTask { _ = try await client.network() } }
                try await group.waitForAll()
            }
            let list = try await client.get("/v2/networks?page[size]=250").data
            let listed = (0..<200).map { list[$0]?["id"] }
            let made = try await client.events("filter[type]=network.created")
            #expect(listed == made.map { $0["object_id"] })
        }
    }

    @Test("a refused request leaves no event in the journal")
    func refusals() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            _ = try await client.gateway(in: network)
            let count = try await client.events().count
            #expect(try await client.post("/v2/networks", "{}").status == 422)
            #expect(try await client.delete("/v2/networks/\(network)").status == 422)
            #expect(try await client.patch("/v2/networks/\(network)", "{").status == 400)
            #expect(try await client.events().count == count)
        }
    }

    @Test("no event of the journal holds a secret")
    func secrets() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: try await client.network())
            let peer = try await client.post(
                "/v2/wireguard_peers",
                #"{"wireguard_interface_id":"\#(gateway)","preshared_key":true}"#
            ).data
            let id = try #require(peer["id"]?.text)
            let rotated = try await client.patch("/v2/wireguard_peers/\(id)", "{}").data
            let key = try await client.post("/v2/api_keys", #"{"name":"k","role":"viewer"}"#).data
            let text = try await client.get("/v2/events?page[size]=250").text
            for secret in [
                peer["private_key"], peer["preshared_key"], rotated["private_key"], key["api_key"],
            ] {
                let secret = try #require(secret?.text)
                #expect(!text.contains(secret))
            }
            #expect(text.contains(id), "the search finds what is there")
            #expect(!text.contains(TestAPI.key))
            #expect(!text.contains("private_key"))
        }
    }

    @Test("events are filtered by object, type and time, in pages")
    func filters() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let other = try await client.network()
            _ = try await client.patch("/v2/networks/\(network)", #"{"name":"m"}"#)
            let all = try await client.events()
            let ids = try await client.events("filter[object_id]=\(network)")
            #expect(ids.map { $0["type"]?.text } == ["network.created", "network.updated"])
            let created = try await client.events("filter[type]=network.created")
            #expect(created.map { $0["object_id"]?.text } == [network, other])
            #expect(try await client.events("filter[object_type]=network").count == 3)
            #expect(
                try await client.events(
                    "filter[object_type]=api_key&filter[type]=network.created"
                ).isEmpty
            )
            let time = try #require(created.last?["occurred_at"]?.text)
            let later = try await client.events("filter[occurred_at][gte]=\(time)")
            let earlier = try await client.events("filter[occurred_at][lt]=\(time)")
            #expect(later.map { $0["type"]?.text } == ["network.created", "network.updated"])
            #expect(earlier + later == all)
            let page = try await client.get("/v2/events?page[size]=2&page[number]=2")
            #expect(try page.data == .array(Array(all[2..<4])))
            #expect(try page.json["meta"]?["total_results"] == .integer(all.count))
        }
    }

    @Test("events are filtered by the actor that caused them")
    func actorFilter() async throws {
        try await TestAPI.run { client in
            _ = try await client.network()
            let holder = client.with(key: try await client.makeKey(role: "owner"))
            let network = try await holder.network()
            let event = try await client.events("filter[object_id]=\(network)").first
            let actor = try #require(event?["actor"]?["id"]?.text)
            for reader in [client, holder] {
                let found = try await reader.events("filter[actor_id]=\(actor.uppercased())")
                #expect(found.map { $0["object_id"]?.text } == [network])
            }
            #expect(try await client.events("filter[actor_id]=\(network)").isEmpty)
            #expect(try await client.events("filter[actor_id]=mine").isEmpty)
        }
    }

    @Test("events are listed from the newest where that is asked for")
    func newestFirst() async throws {
        try await TestAPI.run { client in
            for _ in 0..<3 { _ = try await client.network() }
            let oldest = try await client.events("sort=occurred_at").map { $0["revision"] }
            let newest = try await client.events("sort=-occurred_at").map { $0["revision"] }
            #expect(oldest.count >= 3)
            #expect(newest == oldest.reversed())
            let bad = try await client.get("/v2/events?sort=revision")
            #expect(try bad.problems == ["10032 sort"])
        }
    }

    @Test(
        "an event filter that is not understood is refused by its name",
        arguments: [
            "filter[type]=network", "filter[type]=network.exploded", "filter[object_type]=lamp",
            "filter[occurred_at][gte]=yesterday", "filter[occurred_at][lt]=2026-02-30T00:00:00Z",
        ]
    )
    func badFilters(query: String) async throws {
        try await TestAPI.run { client in
            let answer = try await client.get("/v2/events?\(query)")
            #expect(answer.status == 422)
            let parameter = query.prefix { $0 != "=" }
            #expect(try answer.problems == ["10031 \(parameter)"])
        }
    }

    @Test("events of objects that an API key may not see are not shown to it")
    func access() async throws {
        let api = try await TestAPI()
        let strangerKey = try await api.addOrganization()
        try await api.serve { client in
            let own = try await client.network()
            _ = try await client.network()
            let viewer = client.with(key: try await client.makeKey(role: "viewer"))
            let types = try await viewer.events().map { $0["object_type"]?.text }
            #expect(types == ["network", "network"])
            let restricted = client.with(
                key: try await client.makeKey(role: "owner", #","network_ids":["\#(own)"]"#)
            )
            #expect(try await restricted.events().map { $0["object_id"]?.text } == [own])
            #expect(try await client.with(key: strangerKey).events().isEmpty)
        }
    }

    @Test("events of an operator who acts for a tenant are shown to it without the operator's key")
    func actingAdmin() async throws {
        let api = try await TestAPI()
        let tenantKey = try await api.addOrganization()
        try await api.serve { client in
            let list = try await client.get("/v2/organizations?filter[name]=stranger").data
            let id = try #require(list[0]?["id"]?.text)
            let name = try #require(HTTPField.Name("x-wgw-organization"))
            _ = try await client.send(
                .post,
                "/v2/networks",
                Array(#"{"name":"n"}"#.utf8),
                headers: [name: id]
            )
            let seen = try await client.with(key: tenantKey).events()
            let hidden: JSONValue = ["type": "admin", "id": .null, "name": .null]
            #expect(seen.map { $0["actor"] } == [hidden])
            let asAdmin = try await client.send(.get, "/v2/events", headers: [name: id])
            #expect(try asAdmin.data[0]?["actor"]?["name"] == "first key")
            let key = try #require(try asAdmin.data[0]?["actor"]?["id"]?.text)
            let guess = try await client.with(key: tenantKey).events("filter[actor_id]=\(key)")
            #expect(guess.isEmpty, "the answer would tell that the key acted")
            let found = try await client.send(
                .get,
                "/v2/events?filter[actor_id]=\(key)",
                headers: [name: id]
            )
            #expect(try found.data.count == 1)
        }
    }
}

@Suite("The stream of changes", .timeLimit(.minutes(10)))
struct ChangeStreamTests {
    @Test("a change stream begins at the given revision, and goes on as changes happen")
    func follows() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let first = try await client.network()
            let start = try #require(
                try await client.events("filter[object_id]=\(first)").first?["revision"]
            )
            let second = try await client.network()
            let stream = try await api.follow("since=\(start.encoded)")
            #expect(
                await stream.next() == #"{"record_type":"heartbeat","revision":\#(start.encoded)}"#
            )
            let line = try #require(await stream.next())
            let listed = try await client.events("filter[object_id]=\(second)")
            #expect(line == listed.first?.encoded)
            let third = try await client.network()
            #expect(await stream.next()?.contains(third) == true)
            stream.cancel()
        }
    }

    @Test("a quiet change stream sends its revision, also after changes of other organizations")
    func heartbeats() async throws {
        let api = try await TestAPI()
        let strangerKey = try await api.addOrganization()
        try await api.serve { client in
            let stream = try await api.follow("", key: strangerKey, heartbeat: .milliseconds(50))
            let first = try #require(await stream.next())
            _ = try await client.network()
            // A network of another organization is not told, but the revision goes on.
            while let line = await stream.next(), line == first {}
            let last = try #require(await stream.next())
            #expect(last.contains("heartbeat"))
            #expect(last != first)
            stream.cancel()
        }
    }

    @Test("a change stream that is not to follow ends where the journal ends")
    func once() async throws {
        try await TestAPI.run { client in
            _ = try await client.network()
            let answer = try await client.get("/v2/changes?since=0&follow=false")
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "application/x-ndjson")
            let lines = answer.text.split(separator: "\n").map(String.init)
            #expect(lines.dropFirst().map { $0 } == (try await client.events().map(\.encoded)))
        }
    }

    @Test("a change stream sends more than one batch of events, in order and completely")
    func long() async throws {
        try await TestAPI.run { client in
            for _ in 0..<230 { _ = try await client.network() }
            let answer = try await client.get("/v2/changes?since=0&follow=false")
            let lines = answer.text.split(separator: "\n").dropFirst()
            let revisions = lines.compactMap { $0.firstMatch(of: /"revision":(\d+)/)?.output.1 }
            #expect(revisions.compactMap { Int($0) } == Array(1...232))
        }
    }

    @Test(
        "a change stream from a revision that is no longer kept, or not yet there, is answered 410"
    )
    func gone() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            for _ in 0..<3 { _ = try await client.network() }
            try await api.forgetEvents(upTo: 3)
            for since in ["0", "2", "999"] {
                let answer = try await client.get("/v2/changes?since=\(since)")
                #expect(answer.status == 410)
                #expect(try answer.problems == ["10033 since"])
            }
            #expect(try await client.get("/v2/changes?since=3&follow=false").status == 200)
            for since in ["-1", "x", "", "1.5"] {
                let answer = try await client.get("/v2/changes?since=\(since)")
                #expect(try answer.problems == ["10026 since"])
            }
        }
    }

    @Test("a change stream ends when its API key is revoked")
    func revoked() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let made = try await client.post("/v2/api_keys", #"{"name":"k","role":"viewer"}"#).data
            let key = try #require(made["api_key"]?.text)
            let id = try #require(made["id"]?.text)
            let stream = try await api.follow("", key: key)
            #expect(await stream.next()?.contains("heartbeat") == true)
            _ = try await client.delete("/v2/api_keys/\(id)")
            #expect(await stream.next() == nil)
        }
    }

    @Test("an API key has a bounded number of change streams, and may open another when one ends")
    func bounded() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let router = APIRouter(controlPlane: api.controlPlane, limiter: nil).router()
            var streams: [Lines] = []
            for _ in 0..<16 {
                let stream = try await api.follow("", router: router)
                #expect(await stream.next() != nil)
                streams.append(stream)
            }
            #expect(try await api.status(of: "/v2/changes", router: router) == 429)
            for stream in streams { stream.cancel() }
            for stream in streams { await stream.ended() }
            #expect(try await api.status(of: "/v2/changes?follow=false", router: router) == 200)
        }
    }
}

extension TestClient {
    func events(_ query: String = "") async throws -> [JSONValue] {
        let answer = try await get("/v2/events?page[size]=250&\(query)")
        guard case .array(let events) = try answer.data else { return [] }
        return events
    }
}

extension TestAPI {
    /// Everything up to a revision is as good as too old.
    func forgetEvents(upTo revision: Int64) async throws {
        _ = try await store.write { db in
            try db.execute("DELETE FROM event WHERE revision <= \(revision)")
        }
    }

    func status(of uri: String, router: Router<EdgeContext>) async throws -> Int {
        try await respond(uri, key: Self.key, router: router).status.code
    }

    /// Reads a stream line by line, as it is written.
    func follow(
        _ query: String,
        key: String = Self.key,
        heartbeat: Duration = .seconds(60),
        router: Router<EdgeContext>? = nil
    ) async throws -> Lines {
        let router =
            router
            ?? APIRouter(controlPlane: controlPlane, limiter: nil, heartbeat: heartbeat).router()
        let response = try await respond("/v2/changes?\(query)", key: key, router: router)
        #expect(response.status == .ok)
        return Lines(response.body)
    }

    private func respond(
        _ uri: String,
        key: String,
        router: Router<EdgeContext>
    ) async throws -> Response {
        let request = Request(
            head: HTTPRequest(
                method: .get,
                scheme: "http",
                authority: "localhost",
                path: uri,
                headerFields: [.authorization: "Bearer \(key)"]
            ),
            body: .init(buffer: ByteBuffer())
        )
        let context = EdgeContext(
            source: ApplicationRequestContextSource(
                channel: NIOAsyncTestingChannel(),
                logger: Logger(label: "test") { _ in log.handler() }
            )
        )
        return try await router.buildResponder().respond(to: request, context: context)
    }
}

/// The lines of a body that is being written.
final class Lines: Sendable {
    private let task: Task<Void, any Error>
    private let lines: AsyncStream<String>

    init(_ body: ResponseBody) {
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        self.lines = lines
        task = Task {
            defer { continuation.finish() }
            try await body.write(LineWriter(continuation: continuation))
        }
    }

    /// Nil when the body has ended.
    func next() async -> String? {
        await lines.first { _ in true }
    }

    func cancel() { task.cancel() }

    func ended() async { _ = await task.result }
}

private struct LineWriter: ResponseBodyWriter {
    let continuation: AsyncStream<String>.Continuation

    func write(_ buffer: ByteBuffer) async throws {
        try Task.checkCancellation()
        for line in String(buffer: buffer).split(separator: "\n") {
            continuation.yield(String(line))
        }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
