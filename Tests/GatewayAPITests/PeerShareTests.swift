import GatewayDomain
import GatewayStore
import HTTPTypes
import JSON
import ServiceTestSupport
import Testing
import WireGuardCrypto

@testable import GatewayService

@Suite("One-time links")
struct PeerShareTests {
    @Test("a link shows its config file once, with the private key that the server made for it")
    func once() async throws {
        try await TestAPI.run { client in
            let peer = try await client.peer(of: client.gateway(in: client.network()))
            let before = try await client.get("/v2/wireguard_peers/\(peer)").data
            let made = try await client.share(peer)
            let id = try made.created(200)
            let share = try made.data
            #expect(share["has_private_key"] == .bool(true))
            #expect(share["wireguard_peer_id"]?.text == peer)
            #expect(share["used_at"] == .null)
            #expect(isTimestamp(share["expires_at"]))
            let link = try #require(share["url"]?.text)
            #expect(link.wholeMatch(of: /http:\/\/\S+\/shares\/[A-Za-z0-9_-]{22}/) != nil)
            #expect(try await client.get("/v2/wireguard_peer_shares/\(id)").data["url"] == nil)

            let opened = try await client.open(link)
            #expect(opened.status == 200)
            #expect(opened.headers[.contentType] == "text/plain; charset=utf-8")
            let peerNow = try await client.get("/v2/wireguard_peers/\(peer)").data
            let key = try #require(opened.text.privateKey)
            #expect(X25519.publicKey(of: key).base64 == peerNow["public_key"]?.text)
            #expect(peerNow["public_key"] != before["public_key"])
            #expect(peerNow["config_state"] == "current")

            let again = try await client.open(link)
            #expect(again.status == 410)
            #expect(try again.problems == ["10005"])
            #expect(!again.text.contains(key.base64))
            #expect(try await client.look(link).status == 410)
            let used = try await client.get("/v2/wireguard_peer_shares/\(id)").data
            #expect(isTimestamp(used["used_at"]))
        }
    }

    @Test("looking at a link shows a page without a secret, and does not use the link up")
    func looking() async throws {
        try await TestAPI.run { client in
            let peer = try await client.peer(of: client.gateway(in: client.network()))
            let link = try await client.share(peer).link
            for method in [TestMethod.get, .head, .get] {
                let page = try await client.look(link, method)
                #expect(page.status == 200)
                #expect(page.headers[.contentType] == "text/html; charset=utf-8")
                #expect(page.headers[.cacheControl] == "no-store")
                #expect(page.headers[try #require(.init("referrer-policy"))] == "no-referrer")
                let policy = try #require(page.headers[.contentSecurityPolicy])
                #expect(policy.hasPrefix("default-src 'none'; style-src 'self'; "))
                #expect(!policy.contains("script"))
                #expect(page.text.contains("<form method=\"post\">") == (method == .get))
                #expect(!page.text.contains("PrivateKey"))
            }
            let opened = try await client.open(link, accept: "text/html,*/*")
            #expect(opened.status == 200)
            #expect(opened.text.contains("[Interface]"))
            #expect(opened.text.contains("download=\"wg-n.conf\""))
            #expect(opened.text.contains("<img class=\"qr\" src=\"data:image/svg+xml;base64,"))
            #expect(!opened.text.contains("<script"))
            #expect(
                try await client.open(link, accept: "text/html").text.contains(
                    "used or has expired"
                )
            )
        }
    }

    @Test("of two who open a link at the same time one gets the config file")
    func race() async throws {
        try await TestAPI.run { client in
            let peer = try await client.peer(of: client.gateway(in: client.network()))
            let link = try await client.share(peer).link
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<10 {
                    group.addTask { try await client.open(link).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 1)
            #expect(statuses.filter { $0 == 410 }.count == 9)
        }
    }

    @Test("an expired link leads to nothing, and its file is dropped before the link is forgotten")
    func expiry() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let peer = try await client.peer(of: client.gateway(in: client.network()))
            let link = try await client.share(peer, #"{"expires_in":60}"#).link
            api.clock.advance(seconds: 61)
            #expect(try await client.look(link).status == 410)
            #expect(try await client.open(link).status == 410)
            #expect(try await api.sealedFiles() == 1)
            try await api.controlPlane.discardExpired()
            #expect(try await api.sealedFiles() == 0)
            #expect(try await client.open(link).status == 410)
            api.clock.advance(seconds: 7 * 86_400)
            try await api.controlPlane.discardExpired()
            #expect(try await client.open(link).status == 404)
            #expect(
                try await client.get("/v2/wireguard_peer_shares?filter[wireguard_peer_id]=\(peer)")
                    .data.count == 0
            )
            let last = try #require(
                try await client.events("filter[type]=wireguard_peer_share.deleted").first
            )
            #expect(last["actor"]?["type"] == "system")
        }
    }

    @Test("a revoked link, one of a deleted peer and one that never existed get the same answer")
    func unknown() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let peer = try await client.peer(of: gateway)
            let share = try await client.share(peer)
            let revoked = try share.link
            let deleted = try await client.share(peer).link
            _ = try await client.delete("/v2/wireguard_peer_shares/\(try share.created(200))")
            #expect(
                try await client.get("/v2/wireguard_peer_shares?filter[wireguard_peer_id]=\(peer)")
                    .data.count == 1
            )
            _ = try await client.delete("/v2/wireguard_peers/\(peer)")
            let never = String(deleted.dropLast(22)) + "AAAAAAAAAAAAAAAAAAAAAA"
            var answers: Set<String> = []
            for link in [revoked, deleted, never, String(deleted.dropLast(22)) + "x"] {
                let answer = try await client.open(link)
                #expect(answer.status == 404)
                #expect(answer.headers[.cacheControl] == "no-store")
                answers.insert(answer.text)
            }
            #expect(answers.count == 1)
        }
    }

    @Test("a client that guesses links is asked to wait, and a right link still opens")
    func guessing() async throws {
        try await TestAPI.run { client in
            let peer = try await client.peer(of: client.gateway(in: client.network()))
            let link = try await client.share(peer).link
            let guess = String(link.dropLast(22)) + "guess"
            var last = 0
            for _ in 0..<40 { last = try await client.open(guess).status }
            #expect(last == 429)
            #expect(try await client.open(link).status == 200)
        }
    }

    @Test("what a link opens cannot be read from the database, not even with the master key")
    func sealed() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let peer = try await client.peer(of: client.gateway(in: client.network()))
            let name = try #require(HTTPField.Name("idempotency-key"))
            let made = try await client.send(
                .post,
                "/v2/wireguard_peers/\(peer)/shares",
                Array("{}".utf8),
                headers: [name: "k"]
            )
            let link = try made.link
            let secret = String(link.suffix(22))
            let repeated = try await client.send(
                .post,
                "/v2/wireguard_peers/\(peer)/shares",
                Array("{}".utf8),
                headers: [name: "k"]
            )
            #expect(repeated.text == made.text)
            let stored = try await api.everythingStored()
            #expect(stored.contains(Array(peer.utf8).hex), "the rows are read")
            let opened = try await client.open(link).text
            let key = try #require(opened.privateKey)
            let secrets = [Array(secret.utf8), Array(key.base64.utf8), Array("PrivateKey".utf8)]
            for secret in secrets + [key.withBytes { Array($0) }] {
                #expect(!stored.contains(secret.hex))
            }
            // The stored response is sealed with the master key, and within that with the API key.
            let response = try await api.openedResponse(path: "/v2/wireguard_peers/\(peer)/shares")
            #expect(response.count > secret.count)
            #expect(!response.hex.contains(Array(secret.utf8).hex))
        }
    }

    @Test("the private key behind a link is the one that is sent, a new one, or a placeholder")
    func keys() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let made = try await client.post(
                "/v2/wireguard_peers",
                #"{"wireguard_interface_id":"\#(gateway)","preshared_key":true}"#
            )
            let peer = try made.created(202)
            let key = try #require(try made.data["private_key"]?.text)
            let shared = try await client.share(peer, #"{"private_key":"\#(key)"}"#)
            let opened = try await client.open(shared.link).text
            #expect(opened.contains("PrivateKey = \(key)\n"))
            #expect(
                opened.contains("PresharedKey = \(try made.data["preshared_key"]?.text ?? "?")\n")
            )
            let other = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk="
            let wrong = try await client.share(peer, #"{"private_key":"\#(other)"}"#)
            #expect(try wrong.problems == ["10015 /private_key"])
            let without = try await client.share(peer, #"{"private_key":false}"#)
            #expect(try without.data["has_private_key"] == .bool(false))
            #expect(try await client.open(without.link).text.contains("<! INSERT PEER PRIVATE KEY"))
            let bounds = try await client.share(peer, #"{"expires_in":59}"#)
            #expect(try bounds.problems == ["10033 /expires_in"])
        }
    }

    @Test("a peer that has connected keeps its key unless the request says otherwise")
    func connected() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let peer = try await client.peer(of: client.gateway(in: client.network()))
            let id = try #require(PeerID(peer))
            let now = Timestamp.now()
            _ = try await api.store.write { db in
                try NodeTables.addActivity(
                    PeerActivity(latestHandshakeAt: now),
                    of: id,
                    on: try #require(try Nodes.embedded(db)),
                    db
                )
            }
            let refused = try await client.share(peer)
            #expect(refused.status == 422)
            #expect(try refused.problems == ["10015 /private_key"])
            #expect(try await client.share(peer, #"{"private_key":true}"#).status == 200)
        }
    }

    @Test("new keys of a peer end its open links to files with the old private key")
    func rekeyed() async throws {
        try await TestAPI.run { client in
            let peer = try await client.peer(of: client.gateway(in: client.network()))
            let old = try await client.share(peer).link
            let plain = try await client.share(peer, #"{"private_key":false}"#).link
            _ = try await client.patch("/v2/wireguard_peers/\(peer)", "{}")
            #expect(try await client.open(old).status == 404)
            #expect(try await client.open(plain).status == 200)
            #expect(
                try await client.get("/v2/wireguard_peers/\(peer)").data["config_state"]
                    == "outdated"
            )
        }
    }

    @Test("a key that is restricted to a network sees the links of its peers, and no others")
    func restricted() async throws {
        try await TestAPI.run { client in
            var (networks, shares): ([String], [String]) = ([], [])
            for _ in 0..<2 {
                let network = try await client.network()
                networks.append(network)
                let peer = try await client.peer(of: client.gateway(in: network))
                shares.append(try await client.share(peer).created(200))
            }
            let key = try await client.makeKey(
                role: "member",
                #","network_ids":["\#(networks[0])"]"#
            )
            let holder = client.with(key: key)
            let list = try await holder.get("/v2/wireguard_peer_shares").data
            #expect(list.count == 1)
            #expect(list[0]?["id"]?.text == shares[0])
            #expect(try await client.get("/v2/wireguard_peer_shares").data.count == 2)
            #expect(try await holder.get("/v2/wireguard_peer_shares/\(shares[0])").status == 200)
            #expect(try await holder.get("/v2/wireguard_peer_shares/\(shares[1])").status == 404)
            #expect(try await holder.delete("/v2/wireguard_peer_shares/\(shares[1])").status == 404)
        }
    }

    @Test("the journal tells of links without any secret, and who asked for them")
    func events() async throws {
        try await TestAPI.run { client in
            let peer = try await client.peer(of: client.gateway(in: client.network()))
            let link = try await client.share(peer).link
            let key = try #require(try await client.open(link).text.privateKey).base64
            let events = try await client.events()
            let types = events.compactMap { $0["type"]?.text }.suffix(3)
            #expect(
                types == [
                    "wireguard_peer.updated", "wireguard_peer_share.created",
                    "wireguard_peer_share.updated",
                ]
            )
            let text = events.map(\.encoded).joined()
            #expect(!text.contains(link.suffix(22)) && !text.contains(key))
        }
    }

    @Test("the links of a deleted peer and of a deleted gateway's peers end in the journal")
    func endings() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let peers = [
                try await client.peer(of: gateway), try await client.peer(of: gateway),
            ]
            for peer in peers {
                _ = try await client.share(peer).created(200)
                _ = try await client.post("/v2/wireguard_peers/\(peer)/config_url", "{}")
                    .created(200)
            }
            for path in ["wireguard_peers/\(peers[0])", "wireguard_interfaces/\(gateway)"] {
                #expect(try await client.delete("/v2/\(path)").status == 200)
                let types = try await client.events().compactMap { $0["type"]?.text }
                #expect(
                    types.filter { $0 != "wireguard_interface.deleted" }.suffix(3) == [
                        "wireguard_peer_share.deleted", "wireguard_peer_config_url.deleted",
                        "wireguard_peer.deleted",
                    ]
                )
            }
        }
    }
}

extension TestClient {
    fileprivate func share(_ peer: String, _ body: String = "{}") async throws -> TestAnswer {
        try await post("/v2/wireguard_peers/\(peer)/shares", body)
    }

    /// What a program does that has only the link.
    fileprivate func open(_ link: String, accept: String = "*/*") async throws -> TestAnswer {
        try await with(key: nil).send(
            .post,
            try link.path,
            mediaType: nil,
            headers: [.accept: accept]
        )
    }

    fileprivate func look(
        _ link: String,
        _ method: TestMethod = .get
    ) async throws -> TestAnswer {
        try await with(key: nil).send(
            method,
            try link.path,
            mediaType: nil,
            headers: [.accept: "text/html"]
        )
    }
}

extension TestAnswer {
    fileprivate var link: String {
        get throws { try #require(try data["url"]?.text, "\(text)") }
    }
}

extension String {
    /// Of a URL.
    fileprivate var path: String {
        get throws { "/shares/" + (try #require(split(separator: "/").last)) }
    }

    /// Of a config file.
    fileprivate var privateKey: SecretKey? {
        firstMatch(of: /PrivateKey = (\S+)/).flatMap { SecretKey(base64: String($0.output.1)) }
    }
}

extension TestAPI {
    fileprivate func sealedFiles() async throws -> Int {
        try await store.read {
            try $0.number(
                "SELECT count(*) AS value FROM peer_share WHERE sealed_config IS NOT NULL"
            )
        }
    }

    /// All values of all tables, in hexadecimal digits.
    fileprivate func everythingStored() async throws -> String {
        try await store.read { db in
            let columns = try db.rows(
                .spelled(
                    sqlite: """
                        SELECT m.name AS "table", 'hex("' || c.name || '")' AS digits
                        FROM sqlite_master AS m, pragma_table_info(m.name) AS c
                        WHERE m.type = 'table'
                        """,
                    postgreSQL: """
                        SELECT CAST(table_name AS TEXT) AS "table",
                            'upper(encode(' || CASE data_type
                                WHEN 'bytea' THEN '"' || column_name || '"'
                                ELSE 'convert_to("' || column_name || '"::text, ''UTF8'')'
                            END || ', ''hex''))' AS digits
                        FROM information_schema.columns WHERE table_schema = current_schema()
                        """
                )
            )
            var text = ""
            for row in columns {
                let table: String = try row.value("table")
                let digits: String = try row.value("digits")
                for each in try db.rows(
                    SQL(stringLiteral: "SELECT \(digits) AS value FROM \"\(table)\"")
                ) {
                    text += try each.optional("value") ?? ""
                }
            }
            return text
        }
    }

    /// The one stored response, without the seal of the master key.
    fileprivate func openedResponse(path: String) async throws -> [UInt8] {
        let (organization, sealed): (OrganizationID, [UInt8]) = try await store.read { db in
            let row = try #require(
                try db.row("SELECT organization_id, sealed_answer FROM kept_answer")
            )
            return (try row.value("organization_id"), try row.value("sealed_answer"))
        }
        return Array(
            try controlPlane.masterKey.openBytes(
                sealed,
                for: .storedResponse,
                of: "\(organization) \(path) k"
            )
        )
    }
}

extension [UInt8] {
    fileprivate var hex: String {
        map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}
