import NetAddress
import Testing

struct InterfaceAddressTests {
    @Test(
        "an interface address keeps its host bits and knows its network",
        arguments: [
            ("172.27.0.1/24", "172.27.0.0/24"),
            ("10.0.0.1/32", "10.0.0.1/32"),
            ("fd00::1/64", "fd00::/64"),
        ]
    )
    func network(text: String, prefix: String) throws {
        let interface = try InterfaceAddress(text)
        #expect(interface.description == text)
        #expect(try interface.prefix == IPPrefix(prefix))
    }

    @Test(
        "an interface address without a prefix length is refused",
        arguments: ["172.27.0.1", "fd00::1", "172.27.0.1/"]
    )
    func lengthRequired(text: String) {
        #expect(throws: AddressError.malformed(text)) { try InterfaceAddress(text) }
    }
}
