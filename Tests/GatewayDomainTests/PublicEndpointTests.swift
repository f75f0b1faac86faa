import GatewayDomain
import NetAddress
import Testing

struct PublicEndpointTests {
    @Test(
        "a gateway's endpoint is written as WireGuard's config files have it",
        arguments: [
            ("192.0.2.1", "192.0.2.1:5000"), ("2001:db8::1", "[2001:db8::1]:5000"),
            ("[2001:db8::1]", "[2001:db8::1]:5000"), ("vpn.example.com", "vpn.example.com:5000"),
        ]
    )
    func text(host: String, text: String) throws {
        let endpoint = PublicEndpoint(host: try #require(PublicHost(host)), port: 5000)
        #expect(endpoint.description == text)
        #expect(PublicHost(endpoint.host.description) == endpoint.host)
    }
}
