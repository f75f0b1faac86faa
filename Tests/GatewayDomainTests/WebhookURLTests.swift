import GatewayDomain
import NetAddress
import Testing

struct WebhookURLTests {
    @Test(
        "a URL of a webhook names its host, port and path",
        arguments: [
            ("https://example.com/wgw", "example.com", 443, "https://example.com/wgw"),
            ("HTTPS://Example.COM", "example.com", 443, "https://example.com/"),
            ("https://example.com?a=b", "example.com", 443, "https://example.com/?a=b"),
            ("http://10.0.0.1:8080/x?y=@z", "10.0.0.1", 8_080, "http://10.0.0.1:8080/x?y=@z"),
            ("https://[2001:DB8::1]:1/", "2001:db8::1", 1, "https://[2001:db8::1]:1/"),
        ]
    )
    func places(text: String, host: String, port: UInt16, shown: String) throws {
        let url = try WebhookURL(text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.description == shown)
        #expect(try WebhookURL(shown) == url)
    }

    @Test(
        "a URL that programs may read in different ways is refused for a webhook",
        arguments: [
            ("ftp://example.com/", WebhookURL.Flaw.scheme), ("example.com", .malformed),
            ("https://user@example.com/", .userInfo), ("https://a:b@example.com/", .userInfo),
            ("https://example.com#@10.0.0.1/", .fragment), ("https:///path", .malformed),
            ("https://example.com\\@10.0.0.1/", .malformed), ("https://exa mple.com/", .malformed),
            ("https://127.0.0.1%00.example.com/", .malformed), ("https://[::1/", .malformed),
            ("https://[fe80::1%25eth0]/", .malformed), ("https://example.com:0/", .malformed),
            ("https://example.com:65536/", .malformed), ("https://example.com:+1/", .malformed),
            ("https://exämple.com/", .malformed), ("https://a..b/", .malformed),
            ("https://example.com:443:80/", .malformed), ("https://[::1]x/", .malformed),
        ]
    )
    func refusals(text: String, problem: WebhookURL.Flaw) {
        #expect(throws: problem) { try WebhookURL(text) }
    }
}

struct WebhookTargetTests {
    @Test(
        "webhooks are not sent to an address that is not of the Internet",
        arguments: [
            "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1",
            "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.170",
            "192.168.1.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1",
            "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8",
            "64:ff9b::10.0.0.1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "fc00::1",
            "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "2001::1", "2001:db8::1",
            "2002:0a00:0001::1", "3fff::1", "4000::1",
        ]
    )
    func refused(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(WebhookTargets().objection(to: address, isSecure: true) != nil)
    }

    @Test(
        "webhooks are sent to addresses of the Internet over TLS alone",
        arguments: ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"]
    )
    func permitted(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(WebhookTargets().objection(to: address, isSecure: true) == nil)
        #expect(WebhookTargets().objection(to: address, isSecure: false) != nil)
    }

    @Test("webhooks are sent to addresses that the operator names, without TLS as well")
    func allowed() throws {
        let targets = WebhookTargets(allowed: [
            try IPPrefix("10.1.0.0/16"), try IPPrefix("fd00::/64"),
        ])
        for (text, isPermitted) in [
            ("10.1.2.3", true), ("10.2.0.1", false), ("fd00::1", true), ("fd00:1::1", false),
            ("::ffff:10.1.2.3", false),
        ] {
            let address = try #require(IPAddress(text))
            let objection = targets.objection(to: address, isSecure: false)
            #expect((objection == nil) == isPermitted, "\(text)")
        }
    }
}

struct EventPatternTests {
    @Test("a pattern matches one type, all of a kind of object, or all that an owner may see")
    func matching() throws {
        let one = try #require(EventPattern("wireguard_peer.silent"))
        #expect(one.matches(.peer, "silent") && !one.matches(.peer, "connected"))
        let kind = try #require(EventPattern("wireguard_peer.*"))
        #expect(kind.matches(.peer, "silent") && kind.matches(.peer, "deleted"))
        #expect(!kind.matches(.gateway, "deleted"))
        #expect(EventPattern.all.matches(.apiKey, "created"))
        #expect(!EventPattern.all.matches(.node, "created"))
        #expect(EventPattern.all.neededRole == .owner)
        #expect(EventPattern("node.*")?.neededRole == .admin)
    }

    @Test("a pattern that no event can match is refused")
    func refusals() {
        for text in [
            "", "peer", "peer.*", "wireguard_peer", "network.silent", "*.*", "network.a.b",
        ] {
            #expect(EventPattern(text) == nil, "\(text)")
        }
    }
}
