import NetAddress
import Testing

struct HostNameTests {
    @Test(
        "a host name of letters, digits and hyphens is taken as it is",
        arguments: [
            "a", "vpn.example.com", "VPN.Example.COM", "3com.example", "1.2.3.example",
            "xn--mnchen-3ya.example", "a-b.c-d", "x0.example.x0",
            String(repeating: "a", count: 63) + ".example",
        ]
    )
    func good(text: String) {
        #expect(HostName(text)?.description == text)
    }

    @Test(
        "a host name that RFC 1123 does not allow, or that a resolver takes for a number, is refused",
        arguments: [
            "", ".", "a.", ".a", "a..b", "-a", "a-", "a.-b", "a b", "a_b", "m\u{fc}nchen.example",
            "a\n", "a:1", "[a]", "1", "300.1.1.1", "1.2.3", "0x7f000001", "a.0X1",
            String(repeating: "a", count: 64), String(repeating: "abc.", count: 63) + "ab",
        ]
    )
    func bad(text: String) {
        #expect(HostName(text) == nil)
    }
}
