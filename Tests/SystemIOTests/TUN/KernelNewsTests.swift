import EndToEndSupport
import NetAddress
import TestSupport
import Testing

@testable import SystemIO

@Suite(
    "The kernel tells what other programs change",
    .enabled(if: Privileges.allowTests, "skipped: \(Privileges.lacking ?? "")")
)
struct KernelNewsTests {
    @Test("changes of a device, its routes, the rules and one table are told, and no others")
    func changes() async throws {
        try await NamespaceThread.run {
            let netlink = try NetlinkSocket()
            let (own, other) = (try TUNDevice(), try TUNDevice())
            for device in [own, other] {
                try netlink.change(interface: device.interface, isUp: true)
            }
            try Command.require("nft", "add table inet ours; add table inet others")
            let news = try KernelNews(of: own.interface, table: "ours")
            for (change, isTold) in [
                ("ip link set \(own.name) down", true),
                ("ip link set \(own.name) up", true),
                ("ip route add 198.51.100.0/24 dev \(own.name)", true),
                ("ip route del 198.51.100.0/24", true),
                ("ip rule add priority 7 table 99", true),
                ("nft add chain inet ours forward", true),
                ("ip link set \(other.name) down", false),
                ("ip link set \(other.name) up", false),
                ("ip route add 198.51.100.0/24 dev \(other.name)", false),
                ("nft add chain inet others forward", false),
                ("nft delete table inet others", false),
                ("nft flush ruleset", true),
            ] {
                try Command.require(change.split(separator: " ").map(String.init))
                // The kernel has told it before the program ends.
                #expect(news.wait(atMost: .zero) == isTold, "\(change)")
                #expect(news.wait(atMost: .zero) == false, "\(change)")
            }
            // Switched on while it is on, nothing changes.
            try netlink.change(interface: own.interface, isUp: true)
            #expect(news.wait(atMost: .zero) == false)
            news.stop()
            #expect(news.wait(atMost: .seconds(60)) == nil)
        }
    }

    @Test("a stream of looks ends with its reader, and comes without changes as well")
    func looks() async throws {
        let number = try #require(InterfaceNames.number(of: "lo"))
        var count = 0
        for await _ in try KernelNews(of: number).looks(atLeastEvery: .milliseconds(1)) {
            count += 1
            if count == 3 { break }
        }
        #expect(count == 3)
    }
}
