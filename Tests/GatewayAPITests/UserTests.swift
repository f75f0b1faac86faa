import GatewayDomain
import GatewayService
import GatewayStore
import HTTPTypes
import JSON
import LogTestSupport
import ServiceTestSupport
import Testing

@Suite("The users of an organization")
struct UserTests {
    @Test("a user's link is shown once and in no list, and its password nowhere")
    func lifecycle() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let made = try await client.post("/v2/users", #"{"name":" Ada ","role":"member"}"#)
            let id = try made.created(200)
            #expect(
                try made.data.names == [
                    "id", "record_type", "organization_id", "name", "role", "network_ids",
                    "has_password", "invitation_url", "invitation_expires_at", "last_sign_in_at",
                    "created_at", "updated_at",
                ]
            )
            #expect(try made.data["name"] == "Ada")
            let url = try #require(try made.data["invitation_url"]?.text)
            _ = try await api.accept(url)
            let list = try await client.get("/v2/users")
            #expect(try list.data.count == 1)
            #expect(!list.text.contains(url))
            #expect(try await client.get("/v2/users?filter[name]=ADA").data.count == 1)
            #expect(try await client.get("/v2/users?filter[name]=Eve").data.count == 0)
            let shown = try await client.get("/v2/users/\(id)")
            #expect(try shown.data.names == made.data.names.filter { $0 != "invitation_url" })
            let renamed = try await client.patch("/v2/users/\(id)", #"{"name":"Eve"}"#)
            #expect(try renamed.data["name"] == "Eve")
            #expect(try await client.delete("/v2/users/\(id)").data["id"]?.text == id)
            #expect(try await client.get("/v2/users/\(id)").status == 404)
        }
    }

    @Test("two users of the server never have one name, whatever its case or their organization")
    func names() async throws {
        try await TestAPI.run { client in
            let organization = try await client.post("/v2/organizations", #"{"name":"o"}"#)
                .created(200)
            let body = #"{"name":"Ada","role":"viewer"}"#
            let id = try await client.post("/v2/users", body).created(200)
            _ = try await client.post("/v2/users", #"{"name":"Eve","role":"viewer"}"#)
            let same = try await client.send(
                .post,
                "/v2/users",
                Array(#"{"name":"aDA","role":"viewer"}"#.utf8),
                headers: [.actingFor: organization]
            )
            #expect(try same.problems == ["10012 /name"])
            let renamed = try await client.patch("/v2/users/\(id)", #"{"name":"eve"}"#)
            #expect(try renamed.problems == ["10012 /name"])
            #expect(try await client.patch("/v2/users/\(id)", #"{"name":"ADA"}"#).status == 200)
        }
    }

    @Test("an owner cannot find out by trying who is a user of another organization")
    func guessedNames() async throws {
        let api = try await TestAPI()
        let owner = try await api.addOrganization()
        try await api.serve { client in
            let stranger = client.with(key: owner)
            for name in ["ada", "eve"] {
                _ = try await client.post("/v2/users", #"{"name":"\#(name)","role":"viewer"}"#)
            }
            let own = try await stranger.post("/v2/users", #"{"name":"bob","role":"viewer"}"#)
                .created(200)
            func ask(for name: String) async throws -> TestAnswer {
                try await stranger.post("/v2/users", #"{"name":"\#(name)","role":"viewer"}"#)
            }
            // The same words for a name of its own organization and of another one.
            let refusals = [try await ask(for: "ada"), try await ask(for: "bob")]
            #expect(refusals.map(\.status) == [422, 422])
            #expect(refusals[0].text == refusals[1].text)
            for number in 0..<8 {
                let name = number % 2 == 0 ? "ada" : "eve"
                let answer = try await stranger.patch("/v2/users/\(own)", #"{"name":"\#(name)"}"#)
                #expect(answer.status == 422)
            }
            // From here on a free name is refused as well, so that nothing is learned.
            for name in ["ada", "free"] {
                let limited = try await ask(for: name)
                #expect(limited.status == 429)
                #expect(limited.headers[.retryAfter] == "60")
            }
            #expect(
                try await stranger.patch("/v2/users/\(own)", #"{"role":"member"}"#).status == 200
            )
            let others = try await client.post("/v2/users", #"{"name":"new","role":"viewer"}"#)
            #expect(others.status == 200)
            api.clock.advance(seconds: 60)
            #expect(try await ask(for: "free").status == 200)
        }
    }

    @Test("an owner makes, changes, invites and deletes users up to its own role")
    func escalation() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let admin = try await client.post("/v2/users", #"{"name":"root","role":"admin"}"#)
                .created(200)
            let owner = try await api.user(named: "owner", role: "owner", by: client)
            let viewer = try await client.post("/v2/users", #"{"name":"v","role":"viewer"}"#)
                .created(200)
            for browser in [api.browser(owner.session, client)] {
                for (method, path, body) in [
                    (.post, "/v2/users", #"{"name":"x","role":"admin"}"#),
                    (.patch, "/v2/users/\(viewer)", #"{"role":"admin"}"#),
                    (.patch, "/v2/users/\(owner.id)", #"{"role":"admin"}"#),
                    (.patch, "/v2/users/\(admin)", #"{"name":"x"}"#),
                    (.post, "/v2/users/\(admin)/invitation", "{}"),
                    (.delete, "/v2/users/\(admin)", nil),
                ] as [(TestMethod, String, String?)] {
                    let answer = try await browser.send(method, path, body)
                    #expect(answer.status == 403, "\(method) \(path)")
                }
                let rename = #"{"role":"member"}"#
                #expect(try await browser.send(.patch, "/v2/users/\(viewer)", rename).status == 200)
                #expect(try await browser.send(.delete, "/v2/users/\(viewer)").status == 200)
            }
            #expect(try await client.get("/v2/users/\(admin)").data["role"] == "admin")
        }
    }

    @Test("a caller that is restricted to networks manages no users, and cannot free itself")
    func restricted() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let network = try await client.network()
            let user = try await api.user(
                named: "owner",
                role: "owner",
                #","network_ids":["\#(network)"]"#,
                by: client
            )
            let browser = api.browser(user.session, client)
            let free = #"{"network_ids":null}"#
            #expect(try await browser.send(.patch, "/v2/users/\(user.id)", free).status == 403)
            #expect(try await browser.get("/v2/users").status == 403)
            let body = #"{"name":"x","role":"owner"}"#
            #expect(try await browser.send(.post, "/v2/users", body).status == 403)
        }
    }

    @Test("users of another organization do not exist for its owners")
    func tenancy() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let organization = try await client.post("/v2/organizations", #"{"name":"o"}"#)
                .created(200)
            let owner = try await api.user(
                named: "chief",
                role: "owner",
                of: organization,
                by: client
            )
            let stranger = api.browser(owner.session, client)
            let ours = try await api.user(named: "ada", by: client)
            #expect(try await stranger.get("/v2/users").data.count == 1)
            for (method, path, body) in [
                (.get, "/v2/users/\(ours.id)", nil),
                (.patch, "/v2/users/\(ours.id)", #"{"name":"x"}"#),
                (.post, "/v2/users/\(ours.id)/invitation", "{}"),
                (.delete, "/v2/users/\(ours.id)", nil),
                (.delete, "/v2/sessions/\(ours.session.session.id)", nil),
            ] as [(TestMethod, String, String?)] {
                #expect(try await stranger.send(method, path, body).status == 404, "\(path)")
            }
            let theirs = try await stranger.get("/v2/sessions?filter[user_id]=\(ours.id)")
            #expect(try theirs.data.count == 0)
        }
    }

    @Test("the last admin stays, be it a key or a user with a password")
    func lastAdmin() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let invited = try await client.post("/v2/users", #"{"name":"a","role":"admin"}"#)
            let key = try #require(try await client.get("/v2/api_keys").data[0]?["id"]?.text)
            #expect(try await client.delete("/v2/api_keys/\(key)").status == 422)
            let session = try await api.accept(
                try #require(try invited.data["invitation_url"]?.text)
            )
            #expect(try await client.delete("/v2/api_keys/\(key)").status == 200)
            let browser = api.browser(session, client)
            let path = "/v2/users/\(try invited.created(200))"
            for answer in [
                try await browser.send(.delete, path),
                try await browser.send(.patch, path, #"{"role":"owner"}"#),
            ] {
                #expect(answer.status == 422)
                #expect(try answer.problems == ["10021"])
            }
            #expect(try await browser.get("/v2/whoami").status == 200)
            let other = #"{"name":"k","role":"admin"}"#
            #expect(try await browser.send(.post, "/v2/api_keys", other).status == 200)
            #expect(try await browser.send(.delete, path).status == 200)
        }
    }

    @Test("all problems of a request for a user are reported together")
    func mistakes() async throws {
        try await TestAPI.run { client in
            let unknown = "6a09e667-f3bc-4908-b2fb-1366ea957d3e"
            for (body, problems) in [
                ("{}", ["10004 /name", "10004 /role"]),
                (
                    #"{"name":"","role":"king","network_ids":["\#(unknown)"],"expires_in":1}"#,
                    ["10025 /name", "10032 /role", "10017 /network_ids/0", "10033 /expires_in"]
                ),
            ] {
                let answer = try await client.post("/v2/users", body)
                #expect(try answer.problems == problems)
            }
            #expect(try await client.get("/v2/users").data.count == 0)
        }
    }

    @Test("no answer of any route, no event and no log line has a password, its hash or a secret")
    func secrets() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let owner = try await api.user(named: "owner", role: "owner", by: client)
            let browser = api.browser(owner.session, client)
            _ = try await browser.send(
                .put,
                "/v2/password",
                #"{"old_password":"correct horse","new_password":"battery staple"}"#
            )
            let hash = try await api.store.read { db in
                try Users.find(named: "owner", db)?.passwordHash
            }
            let invited = try await client.post("/v2/users/\(owner.id)/invitation", "{}")
            let link = try #require(
                try invited.data["invitation_url"]?.text?.split(separator: "/").last
            )
            let code = try #require(
                try await client.post("/v2/sign_in_codes", "{}").data["url"]?.text?
                    .split(separator: "=").last
            )
            let secrets = [
                "correct horse", "battery staple", owner.session.secret.text, String(link),
                String(code), try #require(hash), "scrypt",
            ]
            let paths = try #require(try await client.get("/openapi.json").json["paths"])
            var seen = 0
            for template in paths.names where paths[template]?["get"] != nil {
                let path =
                    template.replacing("{id}", with: owner.id)
                    + (template == "/v2/changes" ? "?follow=false&since=1" : "?page[size]=250")
                for answer in [try await client.get(path), try await browser.get(path)] {
                    for secret in secrets {
                        #expect(!answer.text.contains(secret), "\(path) tells \(secret)")
                    }
                    seen += 1
                }
            }
            #expect(seen > 40)
            for line in api.log.lines {
                for secret in secrets { #expect(!line.contains(secret)) }
            }
        }
    }
}
