import NetAddress
import Testing

struct EndpointTests {
    @Test(
        "an endpoint is read and written back",
        arguments: ["192.0.2.1:51820", "[2001:db8::1]:51820", "[::]:0", "0.0.0.0:65535"]
    )
    func roundTrip(text: String) {
        #expect(Endpoint(text)?.description == text)
    }

    @Test("the last colon separates the port")
    func parts() throws {
        let endpoint = try #require(Endpoint("[::1]:80"))
        #expect(endpoint.address == IPAddress("::1"))
        #expect(endpoint.port == 80)
    }

    @Test(
        "brackets, port and address must all be right",
        arguments: [
            "", ":", "1.2.3.4", "1.2.3.4:", ":80", "1.2.3.4:65536", "1.2.3.4:080", "1.2.3.4:+80",
            "1.2.3.4:80 ", "1.2.3.4:http", "::1:80", "[::1]", "[::1]80", "[::1:80", "::1]:80",
            "[1.2.3.4]:80", "[]:80", "[:80", "[[::1]]:80", "example.org:80",
        ]
    )
    func refused(text: String) {
        #expect(Endpoint(text) == nil)
    }
}
