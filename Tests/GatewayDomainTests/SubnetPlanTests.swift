import GatewayDomain
import NetAddress
import Testing

struct SubnetPlanTests {
    private let block = SubnetPlan.defaultBlock

    @Test("the default address block of a network is 172.27.0.0/16")
    func defaultBlock() {
        #expect(block.description == "172.27.0.0/16")
    }

    @Test("the first gateway gets the lowest subnet, the next the one behind it")
    func inOrder() throws {
        let first = SubnetPlan.lowestFreeSubnet(length: 24, in: block, avoiding: [])
        #expect(first?.description == "172.27.0.0/24")
        let second = SubnetPlan.lowestFreeSubnet(
            length: 24,
            in: block,
            avoiding: [try #require(first)]
        )
        #expect(second?.description == "172.27.1.0/24")
    }

    @Test("the next subnet is taken from a gap before the end of the block")
    func gap() throws {
        let taken = try prefixes("172.27.2.0/24", "172.27.0.0/24")
        let free = SubnetPlan.lowestFreeSubnet(length: 24, in: block, avoiding: taken)
        #expect(free?.description == "172.27.1.0/24")
    }

    @Test("the next subnet is the first aligned one behind subnets of other sizes")
    func alignment() throws {
        let taken = try prefixes("172.27.0.0/30", "172.27.1.128/25", "172.27.4.0/22")
        let free = SubnetPlan.lowestFreeSubnet(length: 23, in: block, avoiding: taken)
        #expect(free?.description == "172.27.2.0/23")
        let small = SubnetPlan.lowestFreeSubnet(length: 30, in: block, avoiding: taken)
        #expect(small?.description == "172.27.0.4/30")
    }

    @Test("a full block has no free subnet, and one subnet of the whole block fills it")
    func full() throws {
        let taken = try (0...255).map { try IPv4Prefix("172.27.\($0).0/24") }
        #expect(SubnetPlan.lowestFreeSubnet(length: 24, in: block, avoiding: taken) == nil)
        let whole = SubnetPlan.lowestFreeSubnet(length: 16, in: block, avoiding: [])
        #expect(whole == block)
        #expect(SubnetPlan.lowestFreeSubnet(length: 30, in: block, avoiding: [block]) == nil)
    }

    @Test("the search for a free subnet in the last block of the address space does not overflow")
    func endOfSpace() throws {
        let last = try IPv4Prefix("255.255.255.0/24")
        let taken = try prefixes("255.255.255.0/25", "255.255.255.128/25")
        #expect(SubnetPlan.lowestFreeSubnet(length: 25, in: last, avoiding: taken) == nil)
    }

    @Test(
        "subnet lengths that hold no peer or exceed the block are refused",
        arguments: [15, 31, 32, 0]
    )
    func lengths(length: Int) {
        #expect(SubnetPlan.lowestFreeSubnet(length: length, in: block, avoiding: []) == nil)
    }

    @Test("subnets planned at random never overlap and always take the lowest free place")
    func randomPlans() throws {
        var generator = SplitMix(state: 7)
        for _ in 0..<50 {
            var taken: [IPv4Prefix] = []
            for _ in 0..<40 {
                let length = Int.random(in: 18...28, using: &generator)
                let free = SubnetPlan.lowestFreeSubnet(length: length, in: block, avoiding: taken)
                let expected = candidates(length).first { !taken.contains(where: $0.overlaps) }
                #expect(free == expected)
                if let free { taken.append(free) }
                if Bool.random(using: &generator),
                    let victim = taken.indices.randomElement(using: &generator)
                {
                    taken.remove(at: victim)
                }
            }
        }
    }

    @Test("the gateway takes its subnet's first usable address, and the others are for peers")
    func addresses() throws {
        let subnet = try IPv4Prefix("172.27.3.0/24")
        #expect(SubnetPlan.serverAddress(in: subnet).description == "172.27.3.1/24")
        let peers = try #require(SubnetPlan.peerAddresses(in: subnet))
        #expect(peers.lowerBound.description == "172.27.3.1")
        #expect(peers.upperBound.description == "172.27.3.254")
        #expect(SubnetPlan.peerCapacity(of: subnet) == 253)
        #expect(SubnetPlan.peerCapacity(of: try IPv4Prefix("10.0.0.0/30")) == 1)
    }

    @Test(
        "a network's address block that no host may use is refused",
        arguments: ["0.0.0.0/8", "127.0.0.0/16", "169.254.0.0/16", "224.0.0.0/8", "240.0.0.0/8"]
    )
    func reserved(text: String) throws {
        #expect(!SubnetPlan.isUsable(try IPv4Prefix(text)))
        #expect(SubnetPlan.isUsable(try IPv4Prefix("10.0.0.0/8")))
    }

    @Test(
        "a network that no host may have is refused in either family",
        arguments: [
            "127.0.0.0/8", "0.0.0.0/0", "::1/128", "fe80::/64", "ff02::/16", "::ffff:10.0.0.0/104",
            "::/0",
        ]
    )
    func reservedNetworks(text: String) throws {
        #expect(!SubnetPlan.isUsable(try IPPrefix(text)))
        #expect(SubnetPlan.isUsable(try IPPrefix("2001:db8::/32")))
        #expect(SubnetPlan.isUsable(try IPPrefix("fd00::/8")))
    }

    private func prefixes(_ texts: String...) throws -> [IPv4Prefix] {
        try texts.map { try IPv4Prefix($0) }
    }

    private func candidates(_ length: Int) -> [IPv4Prefix] {
        stride(
            from: block.firstAddress.bits,
            through: block.lastAddress.bits,
            by: 1 << (32 - length)
        )
        .compactMap { try? IPv4Prefix(IPv4Address(bits: $0), length: UInt8(length)) }
    }
}

private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
