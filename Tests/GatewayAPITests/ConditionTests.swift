import GatewayAPI
import GatewayStore
import HTTPTypes
import JSON
import Testing

@Suite("Conditional requests")
struct ConditionTests {
    @Test(
        "every object has an entity tag, with which an unchanged object is answered without a body"
    )
    func reading() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            let peer = try await client.peer(of: gateway)
            let internetGateway = try await client.post(
                "/v2/public_internet_gateways",
                #"{"network_id":"\#(network)","region_code":"local"}"#
            ).created(202)
            let organization = try await client.post("/v2/organizations", #"{"name":"o"}"#)
                .created(200)
            let key = try await client.post("/v2/api_keys", #"{"name":"k","role":"viewer"}"#)
                .created(200)
            for path in [
                "networks/\(network)", "wireguard_interfaces/\(gateway)", "wireguard_peers/\(peer)",
                "public_internet_gateways/\(internetGateway)", "organizations/\(organization)",
                "api_keys/\(key)",
            ] {
                let shown = try await client.get("/v2/" + path)
                let tag = try #require(shown.headers[.eTag], "\(path)")
                #expect(tag.wholeMatch(of: /W\/"[0-9a-f]+-[0-9a-f]+"/) != nil)
                for condition in [tag, "*", "\"x\", \(tag)", String(tag.dropFirst(2))] {
                    let again = try await client.send(
                        .get,
                        "/v2/" + path,
                        headers: [.ifNoneMatch: condition]
                    )
                    #expect(again.status == 304, "\(path) \(condition)")
                    #expect(again.text.isEmpty)
                    #expect(again.headers[.eTag] == tag)
                }
                let other = try await client.send(
                    .get,
                    "/v2/" + path,
                    headers: [.ifNoneMatch: #"W/"1-2", "3", nonsense"#]
                )
                #expect(other.status == 200)
                #expect(other.text == shown.text)
            }
        }
    }

    @Test("a change with an outdated entity tag is refused and changes nothing")
    func changing() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let path = "/v2/networks/\(network)"
            let old = try #require(try await client.get(path).headers[.eTag])
            #expect(try await client.patch(path, #"{"name":"other"}"#).status == 200)
            let new = try #require(try await client.get(path).headers[.eTag])
            #expect(old != new)
            for (method, tag) in [
                (.patch, old), (.delete, old), (.patch, "\"nonsense\""), (.delete, ""),
            ] as [(TestMethod, String)] {
                let answer = try await client.send(
                    method,
                    path,
                    method == .patch ? Array(#"{"name":"mine"}"#.utf8) : nil,
                    headers: [.ifMatch: tag]
                )
                #expect(answer.status == 412, "\(method) \(tag)")
                #expect(try answer.problems == ["10015"])
            }
            #expect(try await client.get(path).data["name"] == "other")
            let renamed = try await client.send(
                .patch,
                path,
                Array(#"{"name":"mine"}"#.utf8),
                headers: [.ifMatch: "\(old), \(new)"]
            )
            #expect(renamed.status == 200)
            let deleted = try await client.send(.delete, path, headers: [.ifMatch: "*"])
            #expect(deleted.status == 200)
        }
    }

    @Test("traffic changes the entity tag for reading an object, and not the one for changing it")
    func traffic() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let gateway = try await client.gateway(in: try await client.network())
            let peer = try await client.peer(of: gateway)
            let path = "/v2/wireguard_peers/\(peer)"
            let before = try #require(try await client.get(path).headers[.eTag])
            _ = try await api.store.write { db in
                try db.execute("UPDATE peer SET rx_bytes = 7 WHERE id = \(peer)")
            }
            let polled = try await client.send(.get, path, headers: [.ifNoneMatch: before])
            #expect(polled.status == 200)
            #expect(try polled.data["rx_bytes"] == .integer(7))
            let deleted = try await client.send(.delete, path, headers: [.ifMatch: before])
            #expect(deleted.status == 200)
        }
    }
}
