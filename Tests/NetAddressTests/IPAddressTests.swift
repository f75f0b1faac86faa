import NetAddress
import Testing

struct IPAddressTests {
    @Test(
        "the text of an IP address decides its family",
        arguments: ["10.0.0.1", "::1", "::ffff:10.0.0.1"]
    )
    func family(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == text)
        switch address {
        case .v4: #expect(!text.contains(":"))
        case .v6: #expect(text.contains(":"))
        }
    }

    @Test("a host name is not an IP address", arguments: ["", "localhost", "10.0.0", "::1%lo"])
    func refused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("IPv4 addresses sort before IPv6 addresses")
    func order() {
        let texts = ["2001:db8::", "255.255.255.255", "::", "9.0.0.0", "10.0.0.0"]
        #expect(
            texts.compactMap { IPAddress($0) }.sorted().map(\.description)
                == ["9.0.0.0", "10.0.0.0", "255.255.255.255", "::", "2001:db8::"]
        )
    }
}
