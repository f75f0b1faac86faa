import NetAddress
import Testing

struct EndpointTests {
    @Test(
        "an endpoint is read and written back",
        arguments: [
            "192.0.2.1:51820", "[2001:db8::1]:51820", "[::]:0", "0.0.0.0:65535",
            "[fe80::1]:51820", "[fe80::1%3]:51820", "[febf:ffff::1%4294967295]:1",
        ]
    )
    func roundTrip(text: String) {
        #expect(Endpoint(text)?.description == text)
    }

    @Test("the last colon of an endpoint separates the port")
    func parts() throws {
        let endpoint = try #require(Endpoint("[::1]:80"))
        #expect(endpoint.address == IPAddress("::1"))
        #expect(endpoint.port == 80)
        #expect(endpoint.host == "::1")
        #expect(Endpoint("[fe80::1%3]:80")?.host == "fe80::1%3")
    }

    @Test(
        "an endpoint with a wrong bracket, port or address is refused",
        arguments: [
            "", ":", "1.2.3.4", "1.2.3.4:", ":80", "1.2.3.4:65536", "1.2.3.4:080", "1.2.3.4:+80",
            "1.2.3.4:80 ", "1.2.3.4:http", "::1:80", "[::1]", "[::1]80", "[::1:80", "::1]:80",
            "[1.2.3.4]:80", "[]:80", "[:80", "[[::1]]:80", "example.org:80",
            "[fe80::1%]:80", "[fe80::1%0]:80", "[fe80::1%03]:80", "[fe80::1%-3]:80",
            "[fe80::1%4294967296]:80", "[fe80::1%3%3]:80", "[fe80::1%eth0]:80", "[%3]:80",
            "[2001:db8::1%3]:80", "[fec0::1%3]:80", "[ff02::1%3]:80", "192.0.2.1%3:80",
        ]
    )
    func refused(text: String) {
        #expect(Endpoint(text) == nil)
    }

    @Test(
        "an endpoint's zone is read from a name or a number, and written as a name where it has one"
    )
    func zoneNames() throws {
        let numbers = ["eth0": UInt32(3), "7": 9]
        let endpoint = try #require(Endpoint("[fe80::1%eth0]:80") { numbers[$0] })
        #expect(endpoint.zone == 3)
        #expect(endpoint.text { _ in "eth0" } == "[fe80::1%eth0]:80")
        #expect(endpoint.description == "[fe80::1%3]:80")
        #expect(Endpoint("[fe80::1%7]:80") { numbers[$0] }?.zone == 9)
        #expect(Endpoint("[fe80::1%8]:80") { numbers[$0] }?.zone == 8)
        #expect(Endpoint("[fe80::1%eth1]:80") { numbers[$0] } == nil)
    }

    @Test("one link-local address on two interfaces is two endpoints")
    func zoneIsPartOfTheEndpoint() throws {
        #expect(Endpoint("[fe80::1%3]:80") != Endpoint("[fe80::1%4]:80"))
    }
}
