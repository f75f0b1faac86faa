import GatewayAPI
import HTTPTypes
import JSON
import Testing

@Suite("Peers over HTTP")
struct PeerRoutesTests {
    private static let key = "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw="
    private static let otherKey = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="

    @Test(
        "a peer created over HTTP without a key gets a key pair, and its private key is shown once"
    )
    func made() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let made = try await client.post(
                "/v2/wireguard_peers",
                #"{"wireguard_interface_id":"\#(gateway)","name":"laptop"}"#
            )
            #expect(made.status == 202)
            let peer = try made.data
            #expect(isUUID(peer["id"]))
            #expect(isKey(peer["public_key"]))
            #expect(isKey(peer["private_key"]))
            #expect(isTimestamp(peer["created_at"]))
            let fixed: JSONValue = [
                "id": "*", "record_type": "wireguard_peer",
                "wireguard_interface_id": .string(gateway), "name": "laptop", "public_key": "*",
                "last_seen": .null, "created_at": "*", "updated_at": "*", "address": "172.27.0.2",
                "persistent_keepalive": .null, "endpoint": .null, "latest_handshake_at": .null,
                "latest_echo_at": .null,
                "rx_bytes": .integer(0), "tx_bytes": .integer(0),
                "egress_rx_bytes": .integer(0), "egress_tx_bytes": .integer(0),
                "config_revision": "*",
                "config_state": "never_fetched",
                "allowed_ips": [], "is_default_gateway": .bool(false),
            ]
            let shown = try await client.get("/v2/wireguard_peers/\(try made.created(202))")
            #expect(shown.status == 200)
            #expect(
                try shown.data.masking(
                    "id",
                    "public_key",
                    "created_at",
                    "updated_at",
                    "config_revision"
                ) == fixed
            )
            #expect(try shown.data["public_key"] == peer["public_key"])
            #expect(
                peer.names == [
                    "id", "record_type", "wireguard_interface_id", "name", "public_key",
                    "private_key", "last_seen", "created_at", "updated_at", "address",
                    "persistent_keepalive", "endpoint", "latest_handshake_at", "latest_echo_at",
                    "rx_bytes", "tx_bytes", "egress_rx_bytes", "egress_tx_bytes", "config_revision",
                    "config_state", "allowed_ips", "is_default_gateway",
                ]
            )
            let list = try await client.get("/v2/wireguard_peers")
            #expect(try list.data[0] == shown.data)
        }
    }

    @Test("a peer created over HTTP with its own key has no private key in the answer")
    func brought() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let made = try await client.post(
                "/v2/wireguard_peers",
                #"{"wireguard_interface_id":"\#(gateway)","public_key":"\#(Self.key)","persistent_keepalive":7}"#
            )
            #expect(made.status == 202)
            #expect(try made.data["public_key"] == .string(Self.key))
            #expect(try made.data["private_key"] == nil)
            #expect(try made.data["persistent_keepalive"] == .integer(7))
            #expect(try made.data["name"] == .null)
        }
    }

    @Test("a preshared key is made or taken, shown once and written into the config")
    func presharedKey() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            for (asked, told) in [
                ("true", nil), (#""\#(Self.otherKey)""#, Self.otherKey),
            ] as [(String, String?)] {
                let made = try await client.post(
                    "/v2/wireguard_peers",
                    #"{"wireguard_interface_id":"\#(gateway)","preshared_key":\#(asked)}"#
                )
                #expect(made.status == 202)
                let key = try #require(try made.data["preshared_key"]?.text)
                #expect(told == nil || key == told)
                let path = "/v2/wireguard_peers/\(try made.created(202))"
                #expect(try await client.get(path).data["preshared_key"] == nil)
                #expect(
                    try await client.get(path + "/config").text.contains("PresharedKey = \(key)\n")
                )
            }
        }
    }

    @Test("a viewer gets a config with a placeholder for the preshared key, where there is one")
    func hiddenPresharedKey() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let plain = "/v2/wireguard_peers/\(try await client.peer(of: gateway))/config"
            let made = try await client.post(
                "/v2/wireguard_peers",
                #"{"wireguard_interface_id":"\#(gateway)","preshared_key":true}"#
            )
            let key = try #require(try made.data["preshared_key"]?.text)
            let path = "/v2/wireguard_peers/\(try made.created(202))/config"
            for role in ["viewer", "member", "owner"] {
                let holder = client.with(key: try await client.makeKey(role: role))
                let text = try await holder.get(path).text
                #expect(text.contains(key) == (role != "viewer"), "\(role)")
                let placeholder = "PresharedKey = <! INSERT PEER PRESHARED KEY HERE !>\n"
                #expect(text.contains(placeholder) == (role == "viewer"), "\(role)")
                #expect(try await !holder.get(plain).text.contains("PresharedKey"))
            }
        }
    }

    @Test(
        "PATCH of a peer makes a new key pair with an empty body, and else changes the given members"
    )
    func change() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let path = "/v2/wireguard_peers/\(try await client.peer(of: gateway))"
            let before = try await client.get(path).data

            let rotated = try await client.patch(path, "{}")
            #expect(rotated.status == 200)
            #expect(isKey(try rotated.data["private_key"]))
            #expect(try rotated.data["public_key"] != before["public_key"])
            #expect(try rotated.data["address"] == before["address"])

            let named = try await client.patch(path, #"{"name":"new"}"#)
            #expect(try named.data["name"] == "new")
            #expect(try named.data["private_key"] == nil)
            #expect(try named.data["public_key"] == rotated.data["public_key"])

            let replaced = try await client.patch(path, #"{"public_key":"\#(Self.key)"}"#)
            #expect(try replaced.data["public_key"] == .string(Self.key))
            #expect(try replaced.data["private_key"] == nil)
            #expect(try replaced.data["name"] == "new")
            #expect(try await client.get(path).data == replaced.data)
        }
    }

    @Test("a public key is used once per gateway over HTTP, and may be used at another gateway")
    func duplicateKey() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            let other = try await client.gateway(in: network)
            let member = #","public_key":"\#(Self.key)""#
            _ = try await client.peer(of: gateway, member)
            let second = try await client.peer(of: gateway)
            let before = try await client.everything()
            let again = try await client.post(
                "/v2/wireguard_peers",
                #"{"wireguard_interface_id":"\#(gateway)"\#(member)}"#
            )
            #expect(again.status == 422)
            #expect(try again.problems == ["10012 /public_key"])
            let patched = try await client.patch(
                "/v2/wireguard_peers/\(second)",
                #"{"public_key":"\#(Self.key)"}"#
            )
            #expect(patched.status == 422)
            #expect(try patched.problems == ["10012 /public_key"])
            #expect(try await client.everything() == before)
            _ = try await client.peer(of: other, member)
        }
    }

    @Test("a peer that finds its subnet full is refused over HTTP with the number of addresses")
    func exhausted() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(
                in: client.network(),
                #","subnet":"172.27.3.0/30""#
            )
            _ = try await client.peer(of: gateway)
            let refused = try await client.post(
                "/v2/wireguard_peers",
                #"{"wireguard_interface_id":"\#(gateway)"}"#
            )
            #expect(refused.status == 422)
            #expect(try refused.problems == ["10039 /wireguard_interface_id"])
            #expect(try refused.json["errors"]?[0]?["detail"]?.text?.contains("All 1 ") == true)
        }
    }

    @Test("the list of peers over HTTP shows those of one gateway or of all")
    func list() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            let other = try await client.gateway(in: network)
            let first = try await client.peer(of: gateway)
            let second = try await client.peer(of: other)
            let path = "/v2/wireguard_peers"
            let all = try await client.get(path).data
            #expect([all[0]?["id"], all[1]?["id"]] == [.string(first), .string(second)])
            let some = try await client.get("\(path)?filter[wireguard_interface_id]=\(other)")
            #expect(try some.data.count == 1)
            #expect(try some.data[0]?["id"] == .string(second))
            let bad = try await client.get("\(path)?filters[wireguard_interface_id]=")
            #expect(bad.status == 422)
            #expect(try bad.problems == ["10031 filters[wireguard_interface_id]"])
        }
    }

    @Test("DELETE of a peer answers with the peer, which then is not found")
    func deletion() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let path = "/v2/wireguard_peers/\(try await client.peer(of: gateway))"
            let before = try await client.get(path)
            let deleted = try await client.delete(path)
            #expect(deleted.status == 200)
            #expect(deleted.text == before.text)
            #expect(try await client.get(path).status == 404)
            #expect(try await client.delete(path).status == 404)
        }
    }

    @Test("a peer's config over HTTP is text for WireGuard, complete but for the private key")
    func config() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            _ = try await client.gateway(in: network)
            let peer = try await client.peer(of: gateway)
            let key = try #require(
                try await client.get("/v2/wireguard_interfaces/\(gateway)").data["public_key"]?.text
            )
            let path = "/v2/wireguard_peers/\(peer)/config"
            let config = try await client.get(path)
            #expect(config.status == 200)
            #expect(config.headers[.contentType] == "text/plain; charset=utf-8")
            #expect(
                config.text == """
                    # WGW CloudVPN config. Target OS: Linux

                    [Interface]
                    PrivateKey = <! INSERT PEER PRIVATE KEY HERE !>
                    Address = 172.27.0.2/32

                    [Peer]
                    PublicKey = \(key)
                    AllowedIPs = 172.27.0.0/24, 172.27.1.0/24
                    Endpoint = 198.51.100.7:5000
                    PersistentKeepalive = 25

                    """
            )
            #expect(try await client.get(path + "?full_tunnel=true").text == config.text)
            #expect(try await client.get(path + "?full_tunnel=false").text == config.text)
            let bad = try await client.get(path + "?full_tunnel=maybe")
            #expect(bad.status == 422)
            #expect(try bad.problems == ["10026 full_tunnel"])
        }
    }
}
