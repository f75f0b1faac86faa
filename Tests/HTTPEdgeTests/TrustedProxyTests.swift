import HTTPTypes
import NetAddress
import Testing

@testable import HTTPEdge

struct TrustedProxyTests {
    private static func proxies(_ prefixes: String...) throws -> TrustedProxies {
        TrustedProxies(try prefixes.map { try IPPrefix($0) })
    }

    private static func client(
        _ proxies: TrustedProxies,
        from address: String,
        for addresses: [String] = [],
        proto: String? = nil,
        isTLS: Bool = false
    ) -> ClientEnd {
        var headers: HTTPFields = [:]
        for address in addresses {
            headers.append(.init(name: .known("x-forwarded-for"), value: address))
        }
        headers[.known("x-forwarded-proto")] = proto
        return proxies.client(of: headers, behind: ClientEnd(address: address, isTLS: isTLS))
    }

    @Test("what a stranger says about the client of a request means nothing")
    func strangers() throws {
        let proxies = try Self.proxies("10.0.0.1", "fd00::/64")
        for address in ["192.0.2.7", "10.0.0.2", "fd00:1::1", "unknown", "::ffff:192.0.2.7"] {
            for trusted in [proxies, .none] {
                let found = Self.client(
                    trusted,
                    from: address,
                    for: ["203.0.113.9"],
                    proto: "https"
                )
                #expect(found == ClientEnd(address: address, isTLS: false))
            }
        }
    }

    @Test("the client is the rightmost address that is no trusted proxy's")
    func rightmost() throws {
        let proxies = try Self.proxies("10.0.0.0/8", "fd00::/64", "127.0.0.1")
        for (fields, address) in [
            (["203.0.113.9"], "203.0.113.9"),
            // What the client has sent itself stands at the left.
            (["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
            (["127.0.0.1, 203.0.113.9, 10.2.3.4"], "203.0.113.9"),
            (["198.51.100.1", "203.0.113.9,10.2.3.4"], "203.0.113.9"),
            (["203.0.113.9:51820"], "203.0.113.9"), (["[2001:db8::1]:443"], "2001:db8::1"),
            (["2001:DB8::1%eth0"], "2001:db8::1"), (["::ffff:203.0.113.9"], "203.0.113.9"),
            ([], "10.0.0.1"), ([""], "10.0.0.1"), (["10.9.9.9, 10.2.3.4"], "10.9.9.9"),
            // Behind what cannot be read the word is not the proxy's.
            (["203.0.113.9, unknown"], "10.0.0.1"), (["203.0.113.9, , 10.2.3.4"], "10.2.3.4"),
        ] {
            let found = Self.client(proxies, from: "10.0.0.1", for: fields)
            #expect(found.address == address, "\(fields)")
        }
        #expect(Self.client(proxies, from: "fd00::5", for: ["192.0.2.1"]).address == "192.0.2.1")
        #expect(
            Self.client(proxies, from: "::ffff:10.1.1.1", for: ["192.0.2.1"]).address == "192.0.2.1"
        )
        let chain = [String](repeating: "10.0.0.2", count: 10_000).joined(separator: ",")
        #expect(
            Self.client(proxies, from: "10.0.0.1", for: ["192.0.2.1," + chain]).address
                == "10.0.0.2"
        )
    }

    @Test(
        "a trusted proxy tells whether its client speaks TLS, and if it does not, the listener does"
    )
    func scheme() throws {
        let proxies = try Self.proxies("10.0.0.1")
        for (proto, listener, isTLS) in [
            ("https", false, true), ("HTTPS", false, true), ("http", true, false),
            ("http, https", false, true), ("https, http", false, false), (nil, true, true),
            (nil, false, false), ("", false, false), ("quic", true, false),
        ] as [(String?, Bool, Bool)] {
            let found = Self.client(proxies, from: "10.0.0.1", proto: proto, isTLS: listener)
            #expect(found.isTLS == isTLS, "\(proto ?? "")")
        }
    }
}
