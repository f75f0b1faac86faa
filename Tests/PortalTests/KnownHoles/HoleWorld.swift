import HTTPEdge
import HTTPTypes
import HummingbirdTesting
import JSON
import Testing

/// One of everything that an organization can have, with all that is secret about it.
struct HoleWorld: Sendable {
    /// Ids, by the collection in which they are.
    let objects: [String: String]
    /// What links carry, by the path in front of it.
    let links: [String: String]
    let privateKey: String
    let apiKey: String

    /// All that an answer shows once, to the one who asked for it.
    var secrets: [String] { [privateKey, apiKey] + links.values }

    init(_ portal: TestPortal, name: String = "name") async throws {
        func make(_ path: String, _ body: String) async throws -> JSONValue {
            let answer = try await portal.ask(.post, "/v2/" + path, body)
            #expect((200...202).contains(answer.status.code), "\(path): \(answer.text)")
            return try #require(answer.data)
        }
        func id(_ object: JSONValue) throws -> String { try #require(object["id"]?.text) }
        func secret(_ url: JSONValue?) throws -> String {
            let end = try #require(url?.text?.split(whereSeparator: { "/=".contains($0) }).last)
            return String(end)
        }
        let network = try id(try await make("networks", #"{"name":"\#(name)"}"#))
        let gateway = try id(
            try await make(
                "wireguard_interfaces",
                #"{"network_id":"\#(network)","region_code":"local","name":"\#(name)"}"#
            )
        )
        let peer = try await make(
            "wireguard_peers",
            #"{"wireguard_interface_id":"\#(gateway)","name":"\#(name)"}"#
        )
        let peerPath = "wireguard_peers/\(try id(peer))"
        let share = try await make("\(peerPath)/shares", "{}")
        let configURL = try await make("\(peerPath)/config_url", "{}")
        let key = try await make("api_keys", #"{"name":"\#(name)","role":"viewer"}"#)
        let user = try await make("users", #"{"name":"\#(name)","role":"viewer"}"#)
        let internet = try await make(
            "public_internet_gateways",
            #"{"network_id":"\#(network)","region_code":"local"}"#
        )
        let webhook = try await make(
            "webhooks",
            #"{"name":"\#(name)","url":"https://example.com/","events":["*"]}"#
        )
        let code = try await make("sign_in_codes", "{}")
        let cookie = try await portal.cookie()
        let sessions = try await portal.ask(.get, "/v2/sessions")
        let session = try #require(sessions.data?.first?["id"]?.text)
        objects = [
            "networks": network, "wireguard_interfaces": gateway, "wireguard_peers": try id(peer),
            "wireguard_peer_shares": try id(share), "api_keys": try id(key),
            "users": try id(user), "public_internet_gateways": try id(internet),
            "sessions": session, "webhooks": try id(webhook),
        ]
        links = [
            "/shares/": try secret(share["url"]), "/configs/": try secret(configURL["url"]),
            "/invitations/": try secret(user["invitation_url"]),
            "/sign-in?code=": try secret(code["url"]),
            "cookie ": try #require(cookie[.cookie]?.split(separator: "=").last.map(String.init)),
        ]
        privateKey = try #require(peer["private_key"]?.text)
        apiKey = try #require(key["api_key"]?.text)
    }

    /// The path of a route, of the objects and links of this world.
    func path(of route: TestRoute) throws -> String {
        var path = route.path
        if path.contains("{id}") {
            let parts = path.split(separator: "/")
            let collection = String(parts[parts[0] == "v2" ? 1 : 0])
            let names = [
                "peers": "wireguard_peers", "gateways": "wireguard_interfaces",
                "organizations": "networks", "private_services": "networks", "nodes": "networks",
                "backbone_links": "networks",
                // A gateway's subnet is a route of the gateway's id.
                "network_routes": "wireguard_interfaces",
            ]
            let id = objects[names[collection] ?? collection]
            path = path.replacing("{id}", with: try #require(id, "\(route.path)"))
        }
        if path.contains("{token}") {
            let front = path.replacing("{token}", with: "")
            path = front + (try #require(links[front], "\(route.path)"))
        }
        let queries = [
            "/v2/changes": "?follow=false",
            "/v2/networks/{id}/explanation": "?from=172.27.0.2&to=172.27.0.1",
        ]
        return path.replacing("{hash}/**", with: "0/app.js") + (queries[route.path] ?? "")
    }
}

extension TestPortal {
    /// The number of the newest change.
    func revision() async throws -> String {
        let events = try await ask(.get, "/v2/events?page[size]=1&sort=-occurred_at")
        let id = events.data?.first?["revision"]
        return "\(try #require(id, "\(events.text)"))"
    }

    /// The owner of an organization of its own: by its key, and by the cookie of a session.
    func stranger() async throws -> (key: HTTPFields, cookie: HTTPFields) {
        let made = try await ask(.post, "/v2/organizations", #"{"name":"strangers"}"#)
        let id = try #require(made.text.firstMatch(of: /"id":"([0-9a-f-]+)"/)).output.1
        var headers = Self.admin
        headers[.known("x-wgw-organization")] = String(id)
        let answer = try await ask(
            .post,
            "/v2/api_keys",
            #"{"name":"stranger","role":"owner"}"#,
            headers
        )
        let key = try #require(answer.text.firstMatch(of: /"api_key":"(\w+)"/), "\(answer.text)")
        var cookie = try await self.cookie(of: String(key.output.1))
        cookie[.fetchSite] = "same-origin"
        return ([.authorization: "Bearer \(key.output.1)"], cookie)
    }
}

extension TestResponse {
    fileprivate var data: JSONValue? { try? JSONParser.parse(Array(text.utf8))["data"] }
}

extension JSONValue {
    fileprivate subscript(name: String) -> JSONValue? {
        guard case .object(let object) = self else { return nil }
        return object[name]
    }

    fileprivate var first: JSONValue? {
        guard case .array(let elements) = self else { return nil }
        return elements.first
    }

    fileprivate var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}
