import NetAddress
import Testing

struct IPv4AddressTests {
    @Test(
        "an IPv4 address in dotted decimal is read and written back",
        arguments: [
            ("0.0.0.0", UInt32(0)),
            ("10.0.0.1", 0x0a00_0001),
            ("172.27.0.255", 0xac1b_00ff),
            ("255.255.255.255", .max),
        ]
    )
    func roundTrip(text: String, bits: UInt32) {
        #expect(IPv4Address(text) == IPv4Address(bits: bits))
        #expect(IPv4Address(bits: bits).description == text)
    }

    @Test(
        "an IPv4 address in any form but plain dotted decimal is refused",
        arguments: [
            "", ".", "...", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3",
            "256.0.0.1", "1.2.3.1000", "01.2.3.4", "1.2.3.00", "010.0.0.1", "+1.2.3.4",
            "-1.2.3.4", " 1.2.3.4", "1.2.3.4 ", "1.2.3.4\n", "0x1.2.3.4", "1.2.3.a",
            "1.2.3.4/32", "1.2.3.4:5", "١.٢.٣.٤", "1.2.3.4\0",
        ]
    )
    func refused(text: String) {
        #expect(IPv4Address(text) == nil)
    }

    @Test("IPv4 addresses sort by value, not by text")
    func order() throws {
        let nine = try #require(IPv4Address("9.0.0.0"))
        let ten = try #require(IPv4Address("10.0.0.0"))
        #expect(nine < ten)
    }
}
