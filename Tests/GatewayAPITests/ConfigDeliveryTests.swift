import Foundation
import GatewayAPI
import HTTPTypes
import JSON
import PeerConfig
import TestSupport
import Testing

struct ConfigDeliveryTests {
    private static let key = "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw="

    @Test("a new peer's answer has the finished config and its QR code where include asks for them")
    func created() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let made = try await client.post(
                "/v2/wireguard_peers?include=config,qr",
                #"{"wireguard_interface_id":"\#(gateway)","preshared_key":true}"#
            )
            let peer = try await client.get("/v2/wireguard_peers/\(try made.created(202))")
            #expect(
                try Set(made.data.names).subtracting(peer.data.names)
                    == ["private_key", "preshared_key", "config", "qr"]
            )
            #expect(try made.data["config_state"] == "current")
            #expect(try peer.data["config_state"] == "current")
            let privateKey = try #require(try made.data["private_key"]?.text)
            let config = try #require(try made.data["config"]?.text)
            let shown = try await client.get(
                "/v2/wireguard_peers/\(try made.created(202))/config"
            )
            #expect(config == shown.text.replacing(Placeholder.privateKey, with: privateKey))
            let presharedKey = try #require(try made.data["preshared_key"]?.text)
            #expect(config.contains("PresharedKey = \(presharedKey)\n"))
            #expect(try Self.scan(made.data["qr"]?["png"]) == config)
            #expect(try made.data["qr"]?["svg"]?.text?.hasPrefix("<svg ") == true)
        }
    }

    @Test(
        "a new key pair's answer has the finished config and its QR code where include asks for them"
    )
    func rotated() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let path = "/v2/wireguard_peers/\(try await client.peer(of: gateway))"
            let rotated = try await client.patch(path + "?include=config,qr", "{}")
            #expect(rotated.status == 200)
            let privateKey = try #require(try rotated.data["private_key"]?.text)
            let config = try #require(try rotated.data["config"]?.text)
            #expect(config.contains("PrivateKey = \(privateKey)\n"))
            #expect(try Self.scan(rotated.data["qr"]?["png"]) == config)
        }
    }

    @Test("a config of a peer that brought its own key has the placeholder in the answer")
    func brought() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let made = try await client.post(
                "/v2/wireguard_peers?include=config",
                #"{"wireguard_interface_id":"\#(gateway)","public_key":"\#(Self.key)"}"#
            )
            let path = "/v2/wireguard_peers/\(try made.created(202))"
            let shown = try await client.get(path + "/config")
            #expect(try made.data["config"]?.text == shown.text)
            #expect(try made.data["qr"] == nil)
            let named = try await client.patch(path + "?include=config", #"{"name":"n"}"#)
            #expect(try named.data["config"] == made.data["config"])
        }
    }

    @Test("a QR code without a private key is refused, and nothing is changed")
    func withoutKey() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let path = "/v2/wireguard_peers/\(try await client.peer(of: gateway))"
            let before = try await client.everything()
            for answer in [
                try await client.post(
                    "/v2/wireguard_peers?include=qr",
                    #"{"wireguard_interface_id":"\#(gateway)","public_key":"\#(Self.key)"}"#
                ),
                try await client.patch(path + "?include=config,qr", #"{"name":"other"}"#),
            ] {
                #expect(answer.status == 422)
                #expect(try answer.problems == ["10015 include"])
                #expect(answer.text.contains("without a 'public_key'"))
            }
            let asked = try await client.get(path + "/config?format=qr-svg")
            #expect(asked.status == 422)
            #expect(try asked.problems == ["10032 format"])
            #expect(asked.text.contains("include=qr"))
            #expect(try await client.everything() == before)
        }
    }

    @Test(
        "an unknown part to include, and an unknown format, is answered with those that there are"
    )
    func unknownWords() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let peer = try await client.peer(of: gateway)
            let before = try await client.everything()
            for (answer, parameter, words) in [
                (
                    try await client.post(
                        "/v2/wireguard_peers?include=config,keys",
                        #"{"wireguard_interface_id":"\#(gateway)"}"#
                    ), "include", "config, qr"
                ),
                (
                    try await client.get("/v2/wireguard_peers/\(peer)/config?format=cisco"),
                    "format", "wg-quick, wg-setconf, systemd-networkd"
                ),
            ] {
                #expect(answer.status == 422)
                #expect(try answer.problems == ["10032 \(parameter)"])
                #expect(answer.text.contains("'\(parameter)' must be one of \(words)"))
            }
            #expect(try await client.everything() == before)
        }
    }

    @Test("each format of a config has the peer's address and the placeholder for its private key")
    func formats() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let path = "/v2/wireguard_peers/\(try await client.peer(of: gateway))/config"
            var texts: Set<String> = []
            for format in ConfigFormat.allCases {
                let answer = try await client.get(path + "?format=\(format.rawValue)")
                #expect(answer.status == 200)
                #expect(answer.headers[.contentType] == "text/plain; charset=utf-8")
                #expect(answer.text.contains(Placeholder.privateKey))
                #expect(answer.text.contains("172.27.0.2/32") == (format != .wgSetconf))
                texts.insert(answer.text)
            }
            #expect(texts.count == ConfigFormat.allCases.count)
            #expect(texts.contains(try await client.get(path).text))
        }
    }

    @Test(
        "a config in an answer leads everywhere where a full tunnel is asked for and there is one"
    )
    func fullTunnel() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            let body = #"{"wireguard_interface_id":"\#(gateway)"}"#
            let path = "/v2/wireguard_peers?include=config&full_tunnel=true"
            let narrow = try await client.post(path, body)
            #expect(try narrow.data["config"]?.text?.contains("0.0.0.0/0") == false)
            _ = try await client.post(
                "/v2/public_internet_gateways",
                #"{"network_id":"\#(network)","region_code":"ashburn-va"}"#
            ).created(202)
            let wide = try await client.post(path, body)
            #expect(try wide.data["config"]?.text?.contains(", 0.0.0.0/0\n") == true)
        }
    }

    @Test("a repeated request gets the config of the first answer, and no other key sees it")
    func repeated() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let gateway = try await client.gateway(in: try await client.network())
            let path = "/v2/wireguard_peers?include=config,qr"
            let body = #"{"wireguard_interface_id":"\#(gateway)"}"#
            let first = try await client.post(once: "k", path, body)
            let second = try await client.post(once: "k", path, body)
            #expect(first.status == 202)
            #expect(second.text == first.text)
            let stranger = client.with(key: try await client.makeKey(role: "owner"))
            #expect(try await stranger.post(once: "k", path, body).status == 422)
            let other = try await client.post(once: "k", "/v2/wireguard_peers", body)
            #expect(try other.problems == ["10027"])
            let events = try await client.get("/v2/events?page[size]=250").text
            let secret = try #require(try first.data["private_key"]?.text)
            #expect(!events.contains(secret) && !events.contains("<svg"))
        }
    }

    @Test("each system has a guide in Markdown, and a guide for an unknown one is refused")
    func guides() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: client.network())
            let path = "/v2/wireguard_peers/\(try await client.peer(of: gateway))/guide"
            for system in GuideSystem.allCases {
                let answer = try await client.get(path + "?os=\(system.rawValue)")
                #expect(answer.status == 200)
                #expect(answer.headers[.contentType] == "text/markdown; charset=utf-8")
                #expect(answer.text.hasPrefix("# \(system.name): connect to n\n"))
                #expect(answer.text.contains(Placeholder.privateKey))
            }
            let linux = try await client.get(path + "?os=linux")
            #expect(try await client.get(path).text == linux.text)
            let unknown = try await client.get(path + "?os=plan9")
            #expect(unknown.status == 422)
            #expect(try unknown.problems == ["10032 os"])
            #expect(unknown.text.contains("linux, macos, windows, ios, android, openwrt, mikrotik"))
        }
    }

    /// With zbarimg; an image in base64.
    private static func scan(_ image: JSONValue?) throws -> String {
        let png = try #require(Data(base64Encoded: image?.text ?? ""))
        return try TemporaryDirectory.with { folder in
            let file = folder.appending(path: "code.png")
            try png.write(to: file)
            let text = try Command.require("zbarimg", "--nodbus", "--quiet", "--raw", file.path)
            return String(text.dropLast())
        }
    }
}
