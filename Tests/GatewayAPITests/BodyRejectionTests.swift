import Dispatch
import HTTPEdge
import HTTPTypes
import JSON
import Testing

@testable import GatewayAPI

@Suite("A bad body")
struct BodyRejectionTests {
    struct BadBody: Sendable, CustomTestStringConvertible {
        let title: String
        let bytes: [UInt8]?
        var mediaType: String? = "application/json"
        let status: Int
        let problem: String

        var testDescription: String { title }
    }

    @Test(
        "a bad body is refused by every route that takes one, and changes nothing",
        arguments: bodies
    )
    func refused(body: BadBody) async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            let peer = try await client.peer(of: gateway)
            let before = try await client.everything()
            for (method, path) in [
                (.post, "/v2/networks"), (.patch, "/v2/networks/\(network)"),
                (.post, "/v2/wireguard_interfaces"), (.post, "/v2/wireguard_peers"),
                (.patch, "/v2/wireguard_peers/\(peer)"),
            ] as [(TestMethod, String)] {
                let answer = try await client.send(
                    method,
                    path,
                    body.bytes,
                    mediaType: body.mediaType
                )
                #expect(answer.status == body.status, "\(method) \(path): \(answer.text)")
                #expect(try answer.problems == [body.problem], "\(method) \(path)")
                #expect(answer.headers[.contentType] == "application/json; charset=utf-8")
            }
            #expect(try await client.everything() == before)
        }
    }

    @Test(
        "a body whose media type says JSON in an unusual way is accepted",
        arguments: [
            "application/json; charset=utf-8", "Application/JSON", "application/json ;v=1",
            " application/json",
        ]
    )
    func mediaTypes(mediaType: String) async throws {
        try await TestAPI.run { client in
            let answer = try await client.send(
                .post,
                "/v2/networks",
                Array(#"{"name":"n"}"#.utf8),
                mediaType: mediaType
            )
            #expect(answer.status == 200)
        }
    }

    @Test("a body may be as large as a mebibyte, and a larger one is refused")
    func largest() async throws {
        try await TestAPI.run { client in
            let start = #"{"name":"n","padding":""#
            let padding = String(repeating: "x", count: 1_048_576 - start.utf8.count - 2)
            let body = start + padding + #""}"#
            #expect(body.utf8.count == 1_048_576)
            let largest = try await client.post("/v2/networks", body)
            #expect(largest.status == 200)
            let larger = try await client.post("/v2/networks", body + " ")
            #expect(larger.status == 413)
        }
    }

    @Test("all mistakes of a body are reported together")
    func together() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.post(
                "/v2/wireguard_interfaces",
                #"{"region_code":"nowhere","name":5,"enable_sip_trunking":"yes","subnet":"x","#
                    + #""subnet_prefix_length":"x","mtu":1,"persistent_keepalive":-1}"#
            )
            #expect(gateway.status == 422)
            #expect(
                try gateway.problems.sorted() == [
                    "10004 /network_id", "10015 /subnet", "10026 /enable_sip_trunking",
                    "10026 /name", "10026 /subnet_prefix_length", "10032 /region_code",
                    "10033 /mtu", "10033 /persistent_keepalive",
                ]
            )
            let peer = try await client.post(
                "/v2/wireguard_peers",
                #"{"wireguard_interface_id":"x","name":"","public_key":"x","preshared_key":"x","#
                    + #""persistent_keepalive":true}"#
            )
            #expect(
                try peer.problems.sorted() == [
                    "10015 /preshared_key", "10015 /public_key", "10017 /wireguard_interface_id",
                    "10025 /name", "10026 /persistent_keepalive",
                ]
            )
            let network = try await client.post("/v2/networks", #"{"address_block":7}"#)
            #expect(try network.problems.sorted() == ["10004 /name", "10026 /address_block"])
            #expect(try await client.get("/v2/networks").data.count == 0)
        }
    }

    @Test("a body counts against the budget of bodies until it has been parsed")
    func waitingBody() async throws {
        let budget = BodyBudget(bytes: 1_000)
        let work = LongWork()
        let gate = DispatchSemaphore(value: 0)
        let (begun, begins) = AsyncStream.makeStream(of: Void.self)
        let blocked = Task {
            try await work.perform {
                begins.yield()
                gate.wait()
            }
        }
        _ = await begun.first { true }
        let reading = Self.reading(work, budget)
        let another = BodyBudget.Share(of: budget)
        for _ in 0..<100 { await Task.yield() }
        #expect(!another.grow(to: 1))
        gate.signal()
        try await blocked.value
        #expect(try await reading.value.members.count == 1)
        while !another.grow(to: 1_000) { await Task.yield() }
    }

    private static func reading(_ work: LongWork, _ budget: BodyBudget) -> Task<
        JSONObject, any Error
    > {
        let share = BodyBudget.Share(of: budget)
        #expect(share.grow(to: 1_000))
        let text = #"{"name":"\#(String(repeating: "x", count: 100_000))"}"#
        let body = JSONBody(bytes: Array(text.utf8), share: share, longWork: work)
        return Task { try await body.object() }
    }

    @Test("the text of a bad body is never repeated in the answer")
    func notEchoed() async throws {
        try await TestAPI.run { client in
            for body in [#"{"name":5,"x":"SECRET"}"#, #"{"SECRET"#, #"{"name":"SECRET\u0000"}"#] {
                let answer = try await client.post("/v2/networks", body)
                #expect((400..<500).contains(answer.status), "\(body)")
                #expect(!answer.text.contains("SECRET"))
            }
        }
    }

    private static let bodies: [BadBody] = [
        bad("no body", nil, 400, "10023"), bad("an empty body", "", 400, "10023"),
        bad("half a body", #"{"name":"#, 400, "10023"),
        bad("two bodies", "{} {}", 400, "10023"),
        bad("a form", "name=n", 400, "10023"),
        bad("a repeated member", #"{"name":"a","name":"b"}"#, 400, "10023"),
        bad("half a surrogate pair", #"{"name":"\uD800"}"#, 400, "10023"),
        bad("deep arrays", String(repeating: "[", count: 500_000), 400, "10023"),
        bad("deep objects", String(repeating: #"{"name":"#, count: 100_000), 400, "10023"),
        bad(
            "more values than any request has a use for",
            #"{"name":["# + String(repeating: "1,", count: 10_000) + "1]}",
            400,
            "10023"
        ),
        bad("an array", "[]", 422, "10026 /"), bad("a text", #""name""#, 422, "10026 /"),
        bad("a number", "1", 422, "10026 /"), bad("null", "null", 422, "10026 /"),
        BadBody(
            title: "Latin-1",
            bytes: Array(#"{"name":""#.utf8) + [0xE9, 0x22, 0x7D],
            status: 400,
            problem: "10028"
        ),
        BadBody(
            title: "UTF-16",
            bytes: [0xFF, 0xFE, 0x7B, 0, 0x7D, 0],
            status: 400,
            problem: "10028"
        ),
        bad("too many bytes", String(repeating: " ", count: 1 << 20) + "{}", 413, "10015"),
        BadBody(
            title: "no media type",
            bytes: Array("{}".utf8),
            mediaType: nil,
            status: 415,
            problem: "10029"
        ),
        BadBody(
            title: "a wrong media type",
            bytes: Array("{}".utf8),
            mediaType: "text/plain",
            status: 415,
            problem: "10029"
        ),
        BadBody(
            title: "a similar media type",
            bytes: Array("{}".utf8),
            mediaType: "application/jsonx",
            status: 415,
            problem: "10029"
        ),
    ]

    private static func bad(
        _ title: String,
        _ text: String?,
        _ status: Int,
        _ problem: String
    ) -> BadBody {
        BadBody(title: title, bytes: text.map { Array($0.utf8) }, status: status, problem: problem)
    }
}
