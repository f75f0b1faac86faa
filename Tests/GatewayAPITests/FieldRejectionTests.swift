import APIContract
import GatewayAPI
import HTTPTypes
import JSON
import Testing

/// Every member of every body, one bad value at a time, the others being good.
@Suite("A bad member of a body")
struct FieldRejectionTests {
    struct BadMember: Sendable, CustomTestStringConvertible {
        let name: String
        /// Nil leaves the member out.
        let value: String?
        let problem: String

        init(_ name: String, _ value: String?, _ code: String) {
            self.name = name
            self.value = value
            self.problem = "\(code) /\(name)"
        }

        var testDescription: String {
            "\(name): \((value ?? "absent").prefix(40)) is \(problem)"
        }
    }

    @Test(
        "a bad member of a new network is named, and no network is created",
        arguments: names + blocks + [
            BadMember("name", nil, "10004"), BadMember("name", "null", "10004"),
        ]
    )
    func newNetwork(bad: BadMember) async throws {
        try await TestAPI.run { client in
            let good = [("name", #""n""#)]
            try await expectRefusal(client, .post, "/v2/networks", good, bad)
        }
    }

    @Test("a bad member of a network's change is named, and nothing changes", arguments: names)
    func networkChange(bad: BadMember) async throws {
        try await TestAPI.run { client in
            let path = "/v2/networks/\(try await client.network())"
            try await expectRefusal(client, .patch, path, [("name", #""n""#)], bad)
        }
    }

    @Test(
        "a bad member of a new gateway is named, and no gateway is created",
        arguments: names + keepalives + [
            BadMember("network_id", nil, "10004"), BadMember("network_id", "null", "10004"),
            BadMember("network_id", "1", "10026"), BadMember("network_id", "[]", "10026"),
            BadMember("network_id", #""""#, "10017"), BadMember("network_id", #""mine""#, "10017"),
            BadMember("network_id", #""00000000-0000-4000-8000-000000000000""#, "10017"),
            BadMember("network_id", #""' OR 1=1 --""#, "10017"),
            BadMember("region_code", nil, "10004"), BadMember("region_code", "null", "10004"),
            BadMember("region_code", "7", "10026"), BadMember("region_code", "{}", "10026"),
            BadMember("region_code", #""nowhere""#, "10032"),
            BadMember("region_code", #""""#, "10032"),
            BadMember("region_code", #""ashburn-va\u0000""#, "10015"),
            BadMember("enable_sip_trunking", #""true""#, "10026"),
            BadMember("enable_sip_trunking", "1", "10026"),
            BadMember("subnet", "24", "10026"), BadMember("subnet", #""x""#, "10015"),
            BadMember("subnet", #""172.27.1.1/24""#, "10015"),
            BadMember("subnet", #""10.0.0.0/24""#, "10015"),
            BadMember("subnet", #""fd00::/64""#, "10015"),
            BadMember("subnet", #""0.0.0.0/0""#, "10015"),
            BadMember("subnet_prefix_length", #""24""#, "10026"),
            BadMember("subnet_prefix_length", "24.5", "10026"),
            BadMember("subnet_prefix_length", "-1", "10033"),
            BadMember("subnet_prefix_length", "32", "10033"),
            BadMember("subnet_prefix_length", "99999999999999999999", "10033"),
            BadMember("mtu", #""1420""#, "10026"), BadMember("mtu", "1e3", "10033"),
            BadMember("mtu", "1280.5", "10026"),
            BadMember("mtu", "true", "10026"), BadMember("mtu", "0", "10033"),
            BadMember("mtu", "1279", "10033"), BadMember("mtu", "65536", "10033"),
            BadMember("mtu", "-99999999999999999999", "10033"),
        ]
    )
    func newGateway(bad: BadMember) async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let good = [("network_id", #""\#(network)""#), ("region_code", #""local""#)]
            try await expectRefusal(client, .post, "/v2/wireguard_interfaces", good, bad)
        }
    }

    @Test(
        "a bad member of a new peer is named, and no peer is created",
        arguments: names + keepalives + keys + [
            BadMember("wireguard_interface_id", nil, "10004"),
            BadMember("wireguard_interface_id", "null", "10004"),
            BadMember("wireguard_interface_id", "1", "10026"),
            BadMember("wireguard_interface_id", #""x""#, "10017"),
            BadMember(
                "wireguard_interface_id",
                #""00000000-0000-4000-8000-000000000000""#,
                "10017"
            ),
        ]
    )
    func newPeer(bad: BadMember) async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let good = [("wireguard_interface_id", #""\#(gateway)""#)]
            try await expectRefusal(client, .post, "/v2/wireguard_peers", good, bad)
        }
    }

    @Test(
        "a bad member of a peer's change is named, and nothing changes",
        arguments: names + keepalives + keys
    )
    func peerChange(bad: BadMember) async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let path = "/v2/wireguard_peers/\(try await client.peer(of: gateway))"
            try await expectRefusal(client, .patch, path, [], bad)
        }
    }

    private func expectRefusal(
        _ client: TestClient,
        _ method: TestMethod,
        _ path: String,
        _ good: [(String, String)],
        _ bad: BadMember
    ) async throws {
        let before = try await client.everything()
        var members = good.filter { $0.0 != bad.name }
        if let value = bad.value { members.append((bad.name, value)) }
        let body = members.map { #""\#($0.0)":\#($0.1)"# }.joined(separator: ",")
        let answer = try await client.send(method, path, Array("{\(body)}".utf8))
        #expect(answer.status == 422)
        #expect(try answer.problems == [bad.problem], "\(answer.text)")
        let error = try #require(try answer.json["errors"]?[0])
        #expect(error.names == ["code", "title", "detail", "source", "meta"])
        let code = try #require(error["code"]?.text.flatMap(ErrorCode.init))
        #expect(error["title"] == .string(code.title))
        #expect(error["meta"]?["url"] == .string("/docs/errors#\(code.rawValue)"))
        #expect(try await client.everything() == before)
    }

    private static let names = [
        BadMember("name", "1", "10026"), BadMember("name", "true", "10026"),
        BadMember("name", "[]", "10026"), BadMember("name", #"{"a":1}"#, "10026"),
        BadMember("name", #""""#, "10025"), BadMember("name", #"" \t\n""#, "10025"),
        BadMember("name", #""\#(String(repeating: "é", count: 256))""#, "10025"),
        BadMember("name", #""\#(String(repeating: "a", count: 500_000))""#, "10025"),
        BadMember("name", #""a\#(String(repeating: "\u{301}", count: 1_000))""#, "10025"),
        BadMember("name", #""a\u0000b""#, "10015"), BadMember("name", #""a\nb""#, "10015"),
        BadMember("name", #""a\u007Fb""#, "10015"), BadMember("name", #""a\u2028b""#, "10015"),
        BadMember("name", #""a\u202Eb""#, "10015"), BadMember("name", #""a\u200B""#, "10015"),
        BadMember("name", #""\uDB40\uDC61""#, "10015"),
    ]

    private static let blocks = [
        BadMember("address_block", "16", "10026"), BadMember("address_block", #""""#, "10015"),
        BadMember("address_block", #""10.0.0.1/16""#, "10015"),
        BadMember("address_block", #""10.0.0.0/33""#, "10015"),
        BadMember("address_block", #""10.0.0/16""#, "10015"),
        BadMember("address_block", #""fd00::/48""#, "10015"),
    ]

    private static let keepalives = [
        BadMember("persistent_keepalive", #""25""#, "10026"),
        BadMember("persistent_keepalive", "false", "10026"),
        BadMember("persistent_keepalive", "2.5", "10026"),
        BadMember("persistent_keepalive", "-1", "10033"),
        BadMember("persistent_keepalive", "65536", "10033"),
        BadMember("persistent_keepalive", "18446744073709551616", "10033"),
    ]

    private static let keys = [
        BadMember("public_key", "1", "10026"), BadMember("public_key", "true", "10026"),
        BadMember("public_key", #""""#, "10015"), BadMember("public_key", #""key""#, "10015"),
        // All zero; without its padding; a bit set that no 32 bytes have; the URL alphabet.
        BadMember("public_key", #""AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=""#, "10015"),
        // Of low order; of low order with its highest bit set; a good key's with its highest bit set.
        BadMember("public_key", #""AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=""#, "10015"),
        BadMember("public_key", #""AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA=""#, "10015"),
        BadMember("public_key", #""HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ysw=""#, "10015"),
        BadMember("public_key", #""HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw""#, "10015"),
        BadMember("public_key", #""HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykx=""#, "10015"),
        BadMember("public_key", #""HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8y-w=""#, "10015"),
        BadMember("public_key", #""\#(String(repeating: "A", count: 500_000))""#, "10015"),
        BadMember("preshared_key", "1", "10026"), BadMember("preshared_key", "[true]", "10026"),
        BadMember("preshared_key", #""psk""#, "10015"),
    ]
}
