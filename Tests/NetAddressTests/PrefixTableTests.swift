import NetAddress
import TestSupport
import Testing

struct PrefixTableTests {
    @Test("the longest matching prefix of a table wins in both families")
    func longestWins() throws {
        var table = PrefixTable<Int>()
        for (index, text) in [
            "0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/32",
            "::/0", "2001:db8::/32", "2001:db8:1::/48", "2001:db8:1::1/128",
        ].enumerated() {
            table.insert(try IPPrefix(text), index)
        }
        for (text, expected) in [
            ("11.0.0.1", 0), ("10.9.9.9", 1), ("10.1.9.9", 2), ("10.1.2.3", 3),
            ("3000::", 4), ("2001:db8:2::", 5), ("2001:db8:1::2", 6), ("2001:db8:1::1", 7),
        ] {
            #expect(table.lookup(try #require(IPAddress(text))) == expected)
        }
    }

    @Test(
        "an address that no prefix of a table covers has no destination, nor has any in an empty table"
    )
    func miss() throws {
        var table = PrefixTable<Int>()
        let inside = try #require(IPv4Address("10.0.0.1"))
        let outside = try #require(IPv4Address("11.0.0.1"))
        #expect(table.lookup(inside) == nil)
        #expect(table.lookup(IPv6Address(high: 0, low: 0)) == nil)
        table.insert(try IPPrefix("10.0.0.0/8"), 1)
        #expect(table.lookup(inside) == 1)
        #expect(table.lookup(outside) == nil)
    }

    @Test(
        "a prefix inserted twice has the later destination, and its removal uncovers the wider prefix"
    )
    func replaceAndRemove() throws {
        var table = PrefixTable<Int>()
        let address = try #require(IPAddress("10.0.0.1"))
        let wide = try IPPrefix("0.0.0.0/0")
        let narrow = try IPPrefix("10.0.0.0/24")
        table.insert(wide, 1)
        table.insert(narrow, 2)
        table.insert(narrow, 3)
        #expect(table.lookup(address) == 3)
        table.remove(try IPPrefix("10.0.0.0/25"))
        #expect(table.lookup(address) == 3)
        table.remove(narrow)
        #expect(table.lookup(address) == 1)
        table.remove(wide)
        #expect(table.lookup(address) == nil)
    }

    @Test(
        "a copy of a prefix table does not see later changes of the original, nor the other way round"
    )
    func valueSemantics() throws {
        let address = try #require(IPAddress("10.0.0.1"))
        let prefix = try IPPrefix("10.0.0.1")
        var original = PrefixTable<Int>()
        original.insert(prefix, 1)
        var copy = original
        original.insert(prefix, 2)
        copy.insert(try IPPrefix("fd00::/8"), 3)
        #expect(copy.lookup(address) == 1)
        #expect(original.lookup(address) == 2)
        #expect(original.lookup(try #require(IPAddress("fd00::1"))) == nil)
        copy.remove(prefix)
        #expect(copy.lookup(address) == nil)
        #expect(original.lookup(address) == 2)
    }

    @Test(
        "a prefix table agrees with a linear search after random changes",
        arguments: [1, 2, 3, 4]
    )
    func agreesWithLinearSearch(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var table = PrefixTable<UInt32>()
        var model = LinearTable()
        for step in UInt32(0)..<4000 {
            let address = clusteredAddress(&random)
            if random.next() % 5 < 3 {
                let prefix = try IPPrefix(
                    containing: address,
                    length: anyLength(for: address, &random)
                )
                table.insert(prefix, step)
                model.insert(prefix, step)
            } else if let victim = model.entries.randomElement(using: &random) {
                table.remove(victim.prefix)
                model.remove(victim.prefix)
            }
            for _ in 0..<2 {
                let sought = clusteredAddress(&random)
                #expect(table.lookup(sought) == model.lookup(sought))
                let match = table.match(sought)
                #expect(match?.length == model.match(sought)?.prefix.length)
                #expect(match?.value == model.lookup(sought))
            }
        }
        for victim in model.entries {
            table.remove(victim.prefix)
        }
        let afterwards = clusteredAddress(&random)
        #expect(table.lookup(afterwards) == nil)
    }

    @Test("100 000 host routes of a prefix table are found, and after removing half only the rest")
    func manyHosts() {
        var table = PrefixTable<UInt32>()
        let first: UInt32 = 0x0a00_0000
        let hosts = first..<first + 100_000
        for host in hosts {
            table.insert(.v4(IPv4Prefix(IPv4Address(bits: host))), host)
        }
        let full = table
        for host in hosts where host.isMultiple(of: 2) {
            table.remove(.v4(IPv4Prefix(IPv4Address(bits: host))))
        }
        #expect(hosts.allSatisfy { full.lookup(IPv4Address(bits: $0)) == $0 })
        #expect(
            hosts.allSatisfy {
                table.lookup(IPv4Address(bits: $0)) == ($0.isMultiple(of: 2) ? nil : $0)
            }
        )
        #expect(full.lookup(IPv4Address(bits: hosts.upperBound)) == nil)
    }

    /// Few distinct values in the upper bits, so that prefixes of all lengths do meet.
    private func clusteredAddress(_ random: inout SplitMix64) -> IPAddress {
        if Bool.random(using: &random) {
            let bits = UInt32(truncatingIfNeeded: random.next() & random.next() & random.next())
            return .v4(IPv4Address(bits: bits & 0xc0c0_c0ff))
        }
        return .v6(
            IPv6Address(
                high: random.next() & random.next() & 0xc000_c000_c000_c0c0,
                low: random.next() & random.next() & 0xc000_0000_0000_00ff
            )
        )
    }

    private func anyLength(for address: IPAddress, _ random: inout SplitMix64) -> UInt8 {
        switch address {
        case .v4: UInt8.random(in: 0...32, using: &random)
        case .v6: UInt8.random(in: 0...128, using: &random)
        }
    }
}

/// What the table must do, in the most obvious way.
private struct LinearTable {
    private(set) var entries: [(prefix: IPPrefix, value: UInt32)] = []

    mutating func insert(_ prefix: IPPrefix, _ value: UInt32) {
        remove(prefix)
        entries.append((prefix, value))
    }

    mutating func remove(_ prefix: IPPrefix) {
        entries.removeAll { $0.prefix == prefix }
    }

    func lookup(_ address: IPAddress) -> UInt32? { match(address)?.value }

    func match(_ address: IPAddress) -> (prefix: IPPrefix, value: UInt32)? {
        entries.filter { $0.prefix.contains(address) }.max { $0.prefix.length < $1.prefix.length }
    }
}

extension PrefixTable<UInt32> {
    fileprivate func match(_ address: IPAddress) -> (value: UInt32, length: UInt8)? {
        switch address {
        case .v4(let address): match(address)
        case .v6(let address): match(address)
        }
    }
}
