import HTTPTypes
import JSON
import Testing

@Suite("The config URL of a peer")
struct ConfigURLTests {
    @Test("a device reads its config file at its config URL, and again when it has changed")
    func polls() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let peer = try await client.peer(of: gateway, #","preshared_key":true"#)
            let path = "/v2/wireguard_peers/\(peer)"
            let url = try await client.makeConfigURL(of: peer)
            #expect(url.wholeMatch(of: /http:\/\/\S+\/configs\/[A-Za-z0-9_-]{22}/) != nil)
            #expect(try await client.get(path).data["config_state"] == "never_fetched")
            #expect(try await client.poll(url, method: .head).status == 200)
            #expect(try await client.get(path).data["config_state"] == "never_fetched")
            for look in ["/config?peek=true", "/guide?peek=true"] {
                let looked = try await client.get(path + look).text
                #expect(looked.contains("PresharedKey = "))
            }
            #expect(try await client.get(path).data["config_state"] == "never_fetched")

            let first = try await client.poll(url)
            #expect(first.status == 200)
            #expect(first.text == (try await client.get(path + "/config").text))
            #expect(first.text.contains("PresharedKey = ") && !first.text.contains("PRESHARED"))
            #expect(first.text.contains("PrivateKey = <! INSERT PEER PRIVATE KEY HERE !>"))
            #expect(first.headers[.cacheControl] == "no-store")
            let shown = try await client.get(path).data
            #expect(shown["config_state"] == "current")
            let tag = try #require(first.headers[.eTag])
            let revision = try #require(shown["config_revision"]).encoded
            #expect(tag.hasPrefix("\"\(revision)-"))

            let known = try await client.poll(url, knowing: tag)
            #expect(known.status == 304)
            #expect(known.text.isEmpty)
            #expect(known.headers[.eTag] == tag)
            #expect(try await client.poll(url, knowing: "W/\(tag), \"x\"").status == 304)

            _ = try await client.patch(path, #"{"persistent_keepalive":7}"#)
            #expect(try await client.get(path).data["config_state"] == "outdated")
            let second = try await client.poll(url, knowing: tag)
            #expect(second.status == 200)
            #expect(second.text.contains("PersistentKeepalive = 7"))
            #expect(second.headers[.eTag] != tag)
            #expect(try await client.get(path).data["config_state"] == "current")
        }
    }

    @Test("the entity tag tells a file with a route to everything from one without")
    func fullTunnel() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            let peer = try await client.peer(of: gateway)
            let url = try await client.makeConfigURL(of: peer)
            let exit = try await client.peer(of: gateway)
            _ = try await client.post(
                "/v2/networks/\(network)/default_gateway",
                #"{"wireguard_peer_id":"\#(exit)"}"#
            )
            let split = try await client.poll(url)
            let full = try await client.poll(url + "?full_tunnel=true")
            #expect(full.text.contains("0.0.0.0/0") && !split.text.contains("0.0.0.0/0"))
            #expect(full.headers[.eTag] != split.headers[.eTag])
            let tag = try #require(full.headers[.eTag])
            _ = try await client.delete("/v2/networks/\(network)/default_gateway")
            let state = try await client.get("/v2/wireguard_peers/\(peer)").data["config_state"]
            #expect(state == "outdated")
            #expect(try await client.poll(url + "?full_tunnel=true", knowing: tag).status == 200)
        }
    }

    @Test(
        "a config URL that was replaced, revoked or never made is answered like any other nothing"
    )
    func unknown() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let peer = try await client.peer(of: gateway)
            let path = "/v2/wireguard_peers/\(peer)/config_url"
            let replaced = try await client.makeConfigURL(of: peer)
            let revoked = try await client.makeConfigURL(of: peer)
            #expect(try await client.poll(revoked).status == 200)
            #expect(try await client.get(path).data["url"] == nil)
            _ = try await client.delete(path)
            #expect(try await client.get(path).status == 404)
            let other = try await client.peer(of: gateway)
            let gone = try await client.makeConfigURL(of: other)
            _ = try await client.delete("/v2/wireguard_peers/\(other)")
            var answers: Set<String> = []
            for url in [replaced, revoked, gone, String(gone.dropLast(22)) + "x"] {
                let answer = try await client.poll(url)
                #expect(answer.status == 404)
                answers.insert(answer.text)
            }
            #expect(answers.count == 1)
        }
    }

    @Test("a config URL is asked too often when it is asked without a pause, and guesses are, too")
    func limits() async throws {
        try await TestAPI.run { client in
            let peer = try await client.peer(of: client.gateway(in: client.network()))
            let url = try await client.makeConfigURL(of: peer)
            var last: TestAnswer?
            for _ in 0..<40 { last = try await client.poll(url) }
            #expect(last?.status == 429)
            #expect(last?.headers[.retryAfter] == "1")
            let guess = String(url.dropLast(22)) + "guess"
            for _ in 0..<40 { last = try await client.poll(guess) }
            #expect(last?.status == 429)
            let second = try await client.makeConfigURL(of: peer)
            #expect(try await client.poll(second).status == 200)
        }
    }

    @Test("the config URLs of a suspended organization lead to nothing")
    func suspended() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let tenant = client.with(key: try await api.addOrganization())
            let peer = try await tenant.peer(of: tenant.gateway(in: tenant.network()))
            let url = try await tenant.makeConfigURL(of: peer)
            #expect(try await client.poll(url).status == 200)
            let list = try await client.get("/v2/organizations").data
            let id = try #require(list[1]?["id"]?.text)
            _ = try await client.patch("/v2/organizations/\(id)", #"{"suspended":true}"#)
            #expect(try await client.poll(url).status == 404)
        }
    }

    @Test("a list of peers is filtered by the state of their config files")
    func filter() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            var peers: [String] = []
            for _ in 0..<3 { peers.append(try await client.peer(of: gateway)) }
            for peer in peers.prefix(2) {
                _ = try await client.get("/v2/wireguard_peers/\(peer)/config")
            }
            _ = try await client.patch("/v2/wireguard_peers/\(peers[1])", "{}")
            for (index, state) in ["current", "outdated", "never_fetched"].enumerated() {
                let list = try await client.get("/v2/wireguard_peers?filter[config_state]=\(state)")
                #expect(try list.data.count == 1)
                #expect(try list.data[0]?["id"]?.text == peers[index])
                #expect(try list.json["meta"]?["total_results"] == .integer(1))
            }
            let wrong = try await client.get("/v2/wireguard_peers?filter[config_state]=stale")
            #expect(try wrong.problems == ["10031 filter[config_state]"])
        }
    }

    @Test("a viewer's look at a config file does not count as fetching it")
    func viewers() async throws {
        try await TestAPI.run { client in
            let peer = try await client.peer(of: client.gateway(in: client.network()))
            let viewer = client.with(key: try await client.makeKey(role: "viewer"))
            let path = "/v2/wireguard_peers/\(peer)"
            #expect(try await viewer.get(path + "/config").status == 200)
            #expect(try await client.get(path).data["config_state"] == "never_fetched")
            #expect(try await client.get(path + "/config").status == 200)
            #expect(try await client.get(path).data["config_state"] == "current")
        }
    }
}

extension TestClient {
    fileprivate func makeConfigURL(of peer: String) async throws -> String {
        let answer = try await post("/v2/wireguard_peers/\(peer)/config_url", "{}")
        _ = try answer.created(200)
        return try #require(try answer.data["url"]?.text)
    }

    /// What a device does that has only the URL.
    fileprivate func poll(
        _ url: String,
        method: TestMethod = .get,
        knowing tag: String? = nil
    ) async throws -> TestAnswer {
        let path = "/configs/" + (try #require(url.split(separator: "/").last))
        var headers: HTTPFields = [:]
        headers[.ifNoneMatch] = tag
        return try await with(key: nil).send(method, path, mediaType: nil, headers: headers)
    }
}
