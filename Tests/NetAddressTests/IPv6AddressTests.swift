import NetAddress
import TestSupport
import Testing

struct IPv6AddressTests {
    @Test(
        "every form of an IPv6 address is read, and written as RFC 5952 wants it",
        arguments: [
            ("::", "::"),
            ("::1", "::1"),
            ("1::", "1::"),
            ("0:0:0:0:0:0:0:0", "::"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:0DB8::0001", "2001:db8::1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
            ("1:0:0:2:0:0:3:4", "1::2:0:0:3:4"),
            ("0:0:1:2:3:4:5:6", "::1:2:3:4:5:6"),
            ("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
            ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("::ffff:192.0.2.128", "::ffff:192.0.2.128"),
            ("::FFFF:c000:0280", "::ffff:192.0.2.128"),
            ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
            ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
            ("::13.1.68.3", "::d01:4403"),
        ]
    )
    func canonicalForm(text: String, canonical: String) throws {
        let address = try #require(IPv6Address(text))
        #expect(address.description == canonical)
        #expect(IPv6Address(canonical) == address)
    }

    @Test("the groups of an IPv6 address are in its two halves in network order")
    func halves() {
        let address = IPv6Address(high: 0x2001_0db8_0001_0002, low: 0x0003_0004_0005_0006)
        #expect(IPv6Address("2001:db8:1:2:3:4:5:6") == address)
    }

    @Test(
        "text that is no IPv6 address is refused",
        arguments: [
            "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
            "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8", "1::2::3", "::1::", "1:::2", ":1::2",
            "::1:", ":1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:", "12345::", "::g", "::+1", "::-1",
            "fe80::1%eth0", "[::1]", " ::1", "::1 ", "::1/128", "1.2.3.4", "1.2.3.4::",
            "::1.2.3.4:5", "::1.2.3", "::01.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "::0x1",
        ]
    )
    func refused(text: String) {
        #expect(IPv6Address(text) == nil)
    }

    @Test("only IPv6 addresses in ::ffff:0:0/96 carry a mapped IPv4 address")
    func mapped() {
        #expect(IPv6Address("::ffff:10.1.2.3")?.mappedIPv4 == IPv4Address("10.1.2.3"))
        #expect(IPv6Address("::10.1.2.3")?.mappedIPv4 == nil)
        #expect(IPv6Address("1::ffff:10.1.2.3")?.mappedIPv4 == nil)
        #expect(IPv6Address("::1:ffff:10.1.2.3")?.mappedIPv4 == nil)
    }

    @Test("the canonical form of random IPv6 addresses reads back as the same address")
    func randomRoundTrip() {
        var random = SplitMix64(seed: 5952)
        for _ in 0..<2000 {
            // Mostly zero groups, so that runs of every length and place occur.
            let (keptHigh, keptLow) = (groupMask(random.next()), groupMask(random.next()))
            let address = IPv6Address(
                high: random.next() & keptHigh,
                low: random.next() & keptLow
            )
            #expect(IPv6Address(address.description) == address)
        }
    }

    private func groupMask(_ coin: UInt64) -> UInt64 {
        (0..<4).reduce(0) { $0 | (coin >> $1 & 1) * 0xffff << (16 * $1) }
    }
}
