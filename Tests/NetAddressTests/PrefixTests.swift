import NetAddress
import Testing

struct PrefixTests {
    @Test(
        "a prefix is read and written back",
        arguments: ["0.0.0.0/0", "10.0.0.0/8", "10.1.2.3/32", "::/0", "2001:db8::/33", "::1/128"]
    )
    func roundTrip(text: String) throws {
        #expect(try IPPrefix(text).description == text)
    }

    @Test("an address without a length stands for the prefix that holds it only")
    func bareAddress() throws {
        #expect(try IPPrefix("10.1.2.3") == IPPrefix("10.1.2.3/32"))
        #expect(try IPPrefix("2001:db8::1") == IPPrefix("2001:db8::1/128"))
        #expect(throws: AddressError.malformed("10.1.2.3")) { try IPv4Prefix("10.1.2.3") }
        #expect(throws: AddressError.malformed("::1")) { try IPv6Prefix("::1") }
    }

    @Test(
        "text that is no address prefix is malformed",
        arguments: [
            "", "/", "/24", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/+8", "10.0.0.0/-1",
            "10.0.0.0/8/8", "10.0.0.0/255.0.0.0", "10.0.0.0 /8", "10.0.0.0/8 ", "10.0.0/8",
            "10.0.0.0/256", "::/", "[::]/0", "host/8",
        ]
    )
    func malformed(text: String) {
        #expect(throws: AddressError.malformed(text)) { try IPPrefix(text) }
    }

    @Test("a prefix length beyond the family's is refused, and named")
    func tooLong() {
        #expect(throws: AddressError.prefixTooLong(33)) { try IPPrefix("10.0.0.0/33") }
        #expect(throws: AddressError.prefixTooLong(129)) { try IPPrefix("::/129") }
        #expect(throws: AddressError.prefixTooLong(33)) { try InterfaceAddress("10.0.0.1/33") }
    }

    @Test(
        "a prefix with host bits is refused, and the bits are not cleared",
        arguments: [
            "10.0.0.5/24", "10.0.0.1/31", "128.0.0.0/0", "2001:db8::5/64", "::1/127", "8000::/0",
        ]
    )
    func hostBits(text: String) {
        #expect(throws: AddressError.hostBitsSet) { try IPPrefix(text) }
    }

    @Test("the prefix that contains an address has no host bits, at every length")
    func containing() throws {
        let four = try #require(IPv4Address("255.255.255.255"))
        let six = IPv6Address(high: .max, low: .max)
        for length in UInt8(0)...32 {
            let prefix = try IPv4Prefix(containing: four, length: length)
            #expect(prefix.network.bits.nonzeroBitCount == Int(length))
            #expect(prefix.lastAddress == four)
            #expect(prefix.count == UInt64(prefix.lastAddress.bits - prefix.network.bits) + 1)
        }
        for length in UInt8(0)...128 {
            let prefix = try IPv6Prefix(containing: six, length: length)
            let (high, low) = (prefix.network.high, prefix.network.low)
            #expect(high.nonzeroBitCount + low.nonzeroBitCount == Int(length))
            #expect(prefix.lastAddress == six)
        }
    }

    @Test("the first address, last address and count of a prefix describe its range")
    func range() throws {
        let four = try IPv4Prefix("10.0.1.0/24")
        #expect(four.firstAddress == IPv4Address("10.0.1.0"))
        #expect(four.lastAddress == IPv4Address("10.0.1.255"))
        #expect(four.count == 256)
        #expect(try IPv4Prefix("0.0.0.0/0").count == 1 << 32)
        let six = try IPv6Prefix("2001:db8::/112")
        #expect(six.firstAddress == IPv6Address("2001:db8::"))
        #expect(six.lastAddress == IPv6Address("2001:db8::ffff"))
        #expect(six.count == 65536)
        #expect(try IPv6Prefix("2001:db8::/65").count == 1 << 63)
        #expect(try IPv6Prefix("2001:db8::/64").count == .max)
    }

    @Test(
        "a prefix contains the addresses from its first to its last",
        arguments: [
            ("10.0.1.0/24", "10.0.1.0", true),
            ("10.0.1.0/24", "10.0.1.255", true),
            ("10.0.1.0/24", "10.0.0.255", false),
            ("10.0.1.0/24", "10.0.2.0", false),
            ("0.0.0.0/0", "255.255.255.255", true),
            ("0.0.0.0/0", "::", false),
            ("::/0", "ffff::1", true),
            ("::/0", "1.2.3.4", false),
            ("2001:db8::/63", "2001:db8:0:1:ffff::", true),
            ("2001:db8::/63", "2001:db8:0:2::", false),
            ("2001:db8::8/125", "2001:db8::f", true),
            ("2001:db8::8/125", "2001:db8::10", false),
        ]
    )
    func containsAddress(prefix: String, address: String, isInside: Bool) throws {
        let address = try #require(IPAddress(address))
        #expect(try IPPrefix(prefix).contains(address) == isInside)
    }

    @Test("of two prefixes one contains the other, or they are apart")
    func nesting() throws {
        for (wide, narrow) in [("10.0.0.0/8", "10.1.0.0/16"), ("2001:db8::/32", "2001:db8:1::/48")]
        {
            let (wide, narrow) = (try IPPrefix(wide), try IPPrefix(narrow))
            #expect(wide.contains(narrow))
            #expect(!narrow.contains(wide))
            #expect(wide.contains(wide))
            #expect(wide.overlaps(narrow))
            #expect(narrow.overlaps(wide))
        }
        #expect(try !IPPrefix("10.0.0.0/9").overlaps(IPPrefix("10.128.0.0/9")))
        #expect(try !IPPrefix("0.0.0.0/0").overlaps(IPPrefix("::/0")))
    }

    @Test("prefixes sort by family, network, then the wider one first")
    func order() throws {
        let texts = ["::/0", "10.0.0.0/16", "10.0.0.0/8", "9.0.0.0/8"]
        #expect(
            try texts.map { try IPPrefix($0) }.sorted().map(\.description)
                == ["9.0.0.0/8", "10.0.0.0/8", "10.0.0.0/16", "::/0"]
        )
    }
}
