import GatewayAPI
import HTTPTypes
import JSON
import Testing

@Suite("Organizations")
struct OrganizationTests {
    @Test("an admin creates an organization and acts for it, and its owner finds what was created")
    func acting() async throws {
        try await TestAPI.run { client in
            let made = try await client.post("/v2/organizations", #"{"name":"Acme"}"#)
            let id = try made.created(200)
            #expect(
                try made.data.masking("id", "created_at", "updated_at") == [
                    "id": "*", "record_type": "organization", "name": "Acme",
                    "suspended": .bool(false), "suspended_at": .null, "created_at": "*",
                    "updated_at": "*",
                ]
            )
            let network = try await client.send(.post, "/v2/networks", #"{"name":"a"}"#, for: id)
                .created(200)
            let key = try await client.send(
                .post,
                "/v2/api_keys",
                #"{"name":"k","role":"owner"}"#,
                for: id
            )
            let owner = client.with(key: try #require(try key.data["api_key"]?.text))

            #expect(try await owner.get("/v2/networks").data[0]?["id"]?.text == network)
            #expect(
                try await client.get("/v2/networks").data.count == 0,
                "it is not the admin's own"
            )
            #expect(try await client.get("/v2/networks/\(network)").status == 404)

            let asOther = try await owner.send(.get, "/v2/networks", nil, for: Self.unknown)
            #expect(asOther.status == 403, "only an admin acts for others")
            let asItself = try await owner.send(.get, "/v2/networks", nil, for: id)
            #expect(asItself.status == 200)
            for nobody in [Self.unknown, "Acme", ""] {
                let answer = try await client.send(.get, "/v2/networks", nil, for: nobody)
                #expect(answer.status == 404, "'\(nobody)'")
            }
        }
    }

    @Test("the API keys of a suspended organization do not authenticate until it is resumed")
    func suspension() async throws {
        try await TestAPI.run { client in
            let id = try await client.post("/v2/organizations", #"{"name":"Acme"}"#).created(200)
            let key = try await client.send(
                .post,
                "/v2/api_keys",
                #"{"name":"k","role":"owner"}"#,
                for: id
            )
            let owner = client.with(key: try #require(try key.data["api_key"]?.text))
            let path = "/v2/organizations/\(id)"

            let suspended = try await client.patch(path, #"{"suspended":true}"#)
            #expect(try suspended.data["suspended"] == .bool(true))
            #expect(isTimestamp(try suspended.data["suspended_at"]))
            let refused = try await owner.get("/v2/networks")
            #expect(refused.status == 403)
            #expect(try refused.problems == ["20012"])

            #expect(try await client.patch(path, #"{"suspended":false}"#).status == 200)
            #expect(try await owner.get("/v2/networks").status == 200)
        }
    }

    @Test("organizations have unique names, and an admin cannot suspend its own")
    func refusals() async throws {
        try await TestAPI.run { client in
            let id = try await client.post("/v2/organizations", #"{"name":"Acme"}"#).created(200)
            let again = try await client.post("/v2/organizations", #"{"name":"Acme"}"#)
            #expect(try again.problems == ["10012 /name"])
            let own = try await client.get("/v2/organizations?filter[name]=default")
            #expect(try own.data.count == 1)
            let standard = try #require(try own.data[0]?["id"]?.text)
            let renamed = try await client.patch(
                "/v2/organizations/\(id)",
                #"{"name":"default"}"#
            )
            #expect(try renamed.problems == ["10012 /name"])
            let shut = try await client.patch(
                "/v2/organizations/\(standard)",
                #"{"suspended":true}"#
            )
            #expect(try shut.problems == ["10015 /suspended"])
            let deleted = try await client.delete("/v2/organizations/\(standard)")
            #expect(try deleted.problems == ["10021"])
        }
    }

    @Test("only an empty organization can be deleted, and its API keys are deleted with it")
    func deletion() async throws {
        try await TestAPI.run { client in
            let id = try await client.post("/v2/organizations", #"{"name":"Acme"}"#).created(200)
            let network = try await client.send(.post, "/v2/networks", #"{"name":"a"}"#, for: id)
                .created(200)
            let key = try await client.send(
                .post,
                "/v2/api_keys",
                #"{"name":"k","role":"owner"}"#,
                for: id
            )
            let owner = client.with(key: try #require(try key.data["api_key"]?.text))

            let refused = try await client.delete("/v2/organizations/\(id)")
            #expect(refused.status == 422)
            #expect(try refused.problems == ["10021"])
            #expect(try await owner.delete("/v2/networks/\(network)").status == 200)
            #expect(try await client.delete("/v2/organizations/\(id)").status == 200)
            #expect(try await client.get("/v2/organizations/\(id)").status == 404)
            #expect(try await owner.get("/v2/networks").status == 401)
        }
    }

    private static let unknown = "6a09e667-f3bc-4908-b2fb-1366ea957d3e"
}

extension TestClient {
    /// As an admin acts for an organization.
    fileprivate func send(
        _ method: TestMethod,
        _ path: String,
        _ body: String?,
        for organization: String
    ) async throws -> TestAnswer {
        try await send(
            method,
            path,
            body.map { Array($0.utf8) },
            headers: [HTTPField.Name("x-wgw-organization") ?? .via: organization]
        )
    }
}
