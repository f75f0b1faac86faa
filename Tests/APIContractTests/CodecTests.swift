import GatewayDomain
import JSON
import NetAddress
import Testing
import WireGuardCrypto

@testable import APIContract

struct CodecTests {
    @Test(
        "a public key of any other form than 44 base64 characters is refused",
        arguments: [
            "", "AAAA", String(repeating: "A", count: 43) + "=",
            "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw",
            "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykx=",
            " HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=",
        ]
    )
    func publicKeys(text: String) {
        let request = NewPeer(JSONObject([.init(name: "public_key", value: .string(text))]))
        #expect(request.problems.map(\.pointer) == ["/public_key"])
    }

    @Test("the bounds of a range belong to it, and nothing beyond does")
    func bounds() {
        func problems(_ seconds: Int) -> [FieldProblem] {
            let member = JSONObject.Member(name: "persistent_keepalive", value: .integer(seconds))
            return PeerChange(JSONObject([member])).problems
        }
        #expect(problems(0).isEmpty)
        #expect(problems(65_535).isEmpty)
        for seconds in [-1, 65_536, .max, .min] {
            #expect(
                problems(seconds) == [
                    FieldProblem("/persistent_keepalive", .outOfRange(0...65_535))
                ]
            )
        }
    }

    @Test(
        "what is not an IPv4 network is refused, and host bits are not silently cut",
        arguments: ["10.0.0.5/24", "10.0.0.0", "x", "::/64"]
    )
    func prefixes(text: String) {
        let request = NewNetwork(JSONObject([.init(name: "address_block", value: .string(text))]))
        #expect(request.problems.map(\.pointer) == ["/address_block"])
    }

    @Test("a preshared key of zeros is refused, because it means none to WireGuard")
    func zeroKey() {
        let zeros = String(repeating: "A", count: 43) + "="
        let request = NewPeer(JSONObject([.init(name: "preshared_key", value: .string(zeros))]))
        #expect(request.problems.map(\.pointer) == ["/preshared_key"])
    }

    @Test("a name is read without the blanks around it")
    func names() {
        let request = NetworkChange(JSONObject([.init(name: "name", value: "  office ")]))
        guard case .value(let name) = request.name.content else {
            Issue.record("the name was refused")
            return
        }
        #expect(name == "office")
    }

    @Test(
        "an endpoint is read as it is written",
        arguments: ["192.0.2.1:1", "[2001:db8::1]:65535", "vpn.example.com:51820"]
    )
    func endpoints(text: String) {
        #expect(PublicEndpoint(text)?.description == text)
    }

    @Test(
        "what is not an endpoint is refused",
        arguments: [
            "", ":1", "192.0.2.1", "192.0.2.1:", "192.0.2.1:+1", "192.0.2.1:65536",
            "2001:db8::1:1", "[fe80::1%3]:1", "vpn example:1", "vpn.example.com:01",
        ]
    )
    func badEndpoints(text: String) {
        #expect(PublicEndpoint(text) == nil)
    }
}
