import GatewayDomain
import GatewayService
import HTTPTypes
import JSON
import ServiceTestSupport
import Testing

/// The peers as one table, which a spreadsheet reads.
@Suite("The table of peers over HTTP")
struct PeerTableTests {
    private static let path = "/v2/wireguard_peers.csv"

    @Test(
        "the table of peers has a line of names, and then every peer in the order that is asked for"
    )
    func table() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(
                in: client.network(),
                #","subnet":"172.27.0.0/22""#
            )
            // More than are read at a time.
            for number in 0..<260 {
                _ = try await client.peer(of: gateway, #","name":"p\#(1000 + number)""#)
            }
            let answer = try await client.get(Self.path + "?sort=-name")
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "text/csv; charset=utf-8; header=present")
            let lines = answer.text.split(separator: "\r\n", omittingEmptySubsequences: false)
            #expect(lines.count == 262 && lines.last == "")
            #expect(
                lines[0]
                    == "id,name,address,public_key,wireguard_interface_id,endpoint,persistent_keepalive,"
                    + "allowed_ips,latest_handshake_at,last_seen,rx_bytes,tx_bytes,config_state,"
                    + "created_at,updated_at"
            )
            let names = lines.dropFirst().dropLast().map { $0.split(separator: ",")[1] }
            #expect(names.first == "p1259" && names == names.sorted(by: >))
            #expect(Set(names).count == 260)
        }
    }

    @Test("the table of peers takes the filters of the list, and refuses what the list refuses")
    func filters() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let ids = [
                try await client.peer(of: gateway, #","name":"laptop""#),
                try await client.peer(of: gateway, #","name":"phone""#),
            ]
            func lines(_ query: String) async throws -> [Substring] {
                try await client.get(Self.path + query).text.split(separator: "\r\n").dropFirst()
                    .map { $0.prefix { $0 != "," } }
            }
            #expect(try await lines("").map(String.init) == ids)
            #expect(try await lines("?filter[search]=lap").map(String.init) == [ids[0]])
            #expect(try await lines("?filter[id]=\(ids[1])").map(String.init) == [ids[1]])
            #expect(try await lines("?filter[status]=connected") == [])
            let refused = try await client.get(Self.path + "?filter[status]=up")
            #expect(refused.status == 422)
            #expect(try refused.problems == ["10031 filter[status]"])
        }
    }

    @Test("the table of peers has those that the caller sees, and no others")
    func scope() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let own = try await client.peer(of: client.gateway(in: network))
            _ = try await client.peer(of: client.gateway(in: client.network()))
            let made = try await client.post(
                "/v2/api_keys",
                #"{"name":"k","role":"viewer","network_ids":["\#(network)"]}"#
            )
            let key = try #require(try made.data["api_key"]?.text)
            let text = try await client.with(key: key).get(Self.path).text
            #expect(text.split(separator: "\r\n").count == 2)
            #expect(text.contains(own))
        }
    }

    @Test(
        "a cell of the table is quoted where it has to be, and a spreadsheet takes none for a formula",
        arguments: [
            ("plain", "plain"), (#"a "b""#, #""a ""b""""#), ("a,b", #""a,b""#),
            ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"),
            (#"=a,"b""#, #""'=a,""b""""#), ("a=1", "a=1"), ("=\u{301}1", "'=\u{301}1"),
            ("", ""),
        ]
    )
    func cells(name: String, cell: String) async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let text = JSONValue.string(name).encoded
            let key = String(repeating: "Q", count: 42) + "E="
            let peer = try await client.peer(
                of: gateway,
                #","name":\#(name.isEmpty ? "null" : text),"public_key":"\#(key)""#
                    + #","allowed_ips":["10.1.0.0/24","10.2.0.0/24"]"#
            )
            let line = try #require(
                try await client.get(Self.path).text.split(separator: "\r\n").last
            )
            #expect(
                line.hasPrefix(
                    "\(peer),\(cell),172.27.0.2,\(key),\(gateway),,,10.1.0.0/24 10.2.0.0/24,,,0,0,never_fetched,"
                ),
                "\(line)"
            )
        }
    }
}
