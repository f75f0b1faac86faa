import GatewayDomain
import JSON
import LogTestSupport
import NodeProtocol
import ServiceTestSupport
import TestSupport
import Testing
import WireGuardCrypto

@Suite("What nodes ask over HTTP", .timeLimit(.minutes(2)))
struct NodeStreamTests {
    /// A machine that has joined.
    private struct Machine {
        let api: ListeningAPI
        let now: @Sendable () -> Timestamp
        private let id: String
        private let credential: String

        init(_ name: String, _ api: ListeningAPI, of test: TestAPI) async throws {
            self.api = api
            now = { test.clock.now() }
            let made = try await Self.ask(
                api,
                "POST /v2/nodes",
                "Authorization: Bearer \(TestAPI.key)",
                #"{"name":"\#(name)","regions":["local"],"endpoint_address":"192.0.2.9"}"#
            )
            let data = try #require(try Self.json(made)["data"])
            let token = try #require(data["join_token"]?.text.flatMap { JoinToken($0) })
            id = "\(token.nodeID)"
            let key = X25519.publicKey(of: SecretKey { $0[0] = 7 })
            let joined = try await Self.ask(
                api,
                "POST /node/v1/join",
                "Accept: */*",
                #"{"node":"\#(id)","secret":"\#(token.secret)","key":"\#(key)","version":"1","oldest":1,"#
                    + #""newest":1,"time":\#(test.clock.now().microseconds)}"#
            )
            credential = try #require(try Self.json(joined)["credential"]?["text"]?.text)
        }

        /// As admins see it.
        func shown() async throws -> JSONValue {
            let answer = try await Self.ask(
                api,
                "GET /v2/nodes/\(id)",
                "Authorization: Bearer \(TestAPI.key)",
                ""
            )
            return try #require(try Self.json(answer)["data"])
        }

        private static func json(_ answer: RawAnswer) throws -> JSONValue {
            try JSONParser.parse(Array(answer.text.utf8))
        }

        private static func ask(
            _ api: ListeningAPI,
            _ target: String,
            _ header: String,
            _ body: String
        ) async throws -> RawAnswer {
            let connection = try await api.connect()
            await connection.send(head(target, header, size: body.utf8.count) + body)
            return try #require(try await connection.answer())
        }

        private static func head(_ target: String, _ header: String, size: Int) -> String {
            """
            \(target) HTTP/1.1\r
            Host: a\r
            \(header)\r
            Content-Type: application/json\r
            Content-Length: \(size)\r
            \r

            """
        }

        /// A stream of which the head has come.
        func follow(_ process: String) async throws -> RawConnection {
            let connection = try await api.connect()
            let query =
                "session=\(process)&version=1&generation=g&oldest=1&newest=1&time=\(now().microseconds)"
            await connection.send(
                "GET /node/v1/feed?\(query) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(credential)\r\n\r\n"
            )
            let head = try await connection.headOfStream()
            #expect(head.hasPrefix("HTTP/1.1 200"), "\(head)")
            return connection
        }

        /// - Parameter size: in bytes; what the report does not need of them are spaces.
        func report(_ sequence: Int, from process: String, size: Int = 200) async throws
            -> RawAnswer
        {
            let connection = try await begin(process, size: size)
            await connection.send(
                #"{"number":{"generation":"g","sequence":\#(sequence)},"time":\#(now().microseconds)}"#
                    .padded(to: size)
            )
            return try #require(try await connection.answer())
        }

        func renew(_ process: String) async throws -> RawAnswer {
            try await Self.ask(
                api,
                "POST /node/v1/credential?session=\(process)",
                "Authorization: Bearer \(credential)",
                ""
            )
        }

        /// A report of which nothing but the head is sent yet.
        func begin(_ process: String, size: Int) async throws -> RawConnection {
            let connection = try await api.connect()
            await connection.send(
                Self.head(
                    "POST /node/v1/reports?session=\(process)",
                    "Authorization: Bearer \(credential)",
                    size: size
                )
            )
            return connection
        }
    }

    @Test("slow reports of one node take no memory that those of others, or requests, need")
    func budget() async throws {
        let test = try await TestAPI()
        try await test.listen { api in
            let (slow, other) = (
                try await Machine("slow", api, of: test), try await Machine("other", api, of: test)
            )
            var open: [RawConnection] = []
            for _ in 0..<6 {
                let connection = try await slow.begin("p", size: 7 << 20)
                await connection.send(String(repeating: " ", count: 6 << 20))
                open.append(connection)
            }
            let isFull = try await eventually {
                try await slow.report(1, from: "p", size: 3 << 20).status == 503
            }
            #expect(isFull)
            for _ in 0..<3 {
                #expect(try await other.report(1, from: "p", size: 7 << 20).status == 200)
            }
            #expect(try await slow.report(1, from: "p").status == 200, "what is small goes on")
            for connection in open { await connection.close() }
            let isThrough = try await eventually {
                try await slow.report(2, from: "p", size: 3 << 20).status == 200
            }
            #expect(isThrough)
        }
    }

    @Test("the next stream of a node ends the one before, which nobody may be reading, at once")
    func superseded() async throws {
        let test = try await TestAPI()
        try await test.listen(heartbeat: .seconds(3_600)) { api in
            let node = try await Machine("edge", api, of: test)
            let first = try await node.follow("p")
            _ = try await first.chunk()
            let second = try await node.follow("p")
            _ = try await second.chunk()
            #expect(await !first.rest().contains("session_ended"), "it waits for nothing")
            #expect(try await node.report(1, from: "p").status == 200)
        }
    }

    @Test("a second process is refused with its reports, and shown as its stream is")
    func secondReporter() async throws {
        let test = try await TestAPI()
        try await test.listen { api in
            let node = try await Machine("edge", api, of: test)
            let stream = try await node.follow("p")
            _ = try await stream.chunk()
            let refused = try await node.report(1, from: "q")
            #expect(refused.status == 409 && refused.text.contains("90018"), "\(refused.text)")
            let shown = try await node.shown()
            #expect(shown["second_session_refused_at"]?.text != nil, "\(shown)")
            #expect(try await node.report(1, from: "p").status == 200)
            #expect(try await node.renew("q").status == 409, "nor gets it the next credential")
            #expect(try await node.renew("p").status == 200)
        }
    }

    @Test(
        "a server that stops says so on each stream, and does not wait for nodes to leave",
        arguments: [false, true]
    )
    func stop(tls: Bool) async throws {
        let test = try await TestAPI()
        try await test.listen(tls: tls, heartbeat: .seconds(3_600)) { api in
            let node = try await Machine("edge", api, of: test)
            let stream = try await node.follow("p")
            _ = try await stream.chunk()
            #expect(try await node.report(1, from: "p").status == 200)
            await api.beginStop()
            // The node does not close its side: the server does.
            let rest = await stream.rest()
            #expect(rest.contains(#"{"bye":"server_stops""#), "\(rest)")
        }
    }

    @Test("reports that are counted are no lines of the log, and those that are refused are")
    func log() async throws {
        let test = try await TestAPI()
        try await test.listen { api in
            let node = try await Machine("edge", api, of: test)
            _ = try await node.report(1, from: "p")
            _ = try await node.report(2, from: "")
        }
        let lines = test.log.lines.filter { $0.contains("path=/node/v1/reports") }
        #expect(lines.count == 2, "\(lines)")
        #expect(lines.first?.hasPrefix("debug request") == true)
        #expect(lines.last?.hasPrefix("info request") == true)
    }
}

extension String {
    fileprivate func padded(to size: Int) -> String {
        self + String(repeating: " ", count: max(size - utf8.count, 0))
    }
}
