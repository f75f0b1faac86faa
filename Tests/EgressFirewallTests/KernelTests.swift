import EndToEndSupport
import Foundation
import NetAddress
import TestSupport
import Testing

@testable import EgressFirewall

@Suite(
    "The kernel does what the plan says",
    .serialized,
    .enabled(if: Privileges.allowTests, "skipped: \(Privileges.lacking ?? "")")
)
struct KernelTests {
    private static func plan(device: String = "wgw0") throws -> FirewallPlan {
        FirewallPlan(
            device: device,
            mapped: [try IPv4Prefix("100.64.0.0/24")],
            pool: try IPv4Prefix("100.64.0.0/10"),
            services: [try IPv4Prefix("192.0.2.10/32")],
            hasInternet: false
        )
    }

    private static func isOn(_ device: String) -> Bool { ForwardingSwitch().isOn(device) }

    private static func tables() throws -> [String] {
        try Command.require("nft", "list", "tables").split(separator: "\n").map(String.init)
    }

    @Test("peers reach the services and nothing else, and nobody reaches the peers")
    func passage() throws {
        try Router.with { router in
            try TemporaryDirectory.with { folder in
                var firewall = EgressFirewall(dataDirectory: folder.path)
                #expect(try !router.ping("192.0.2.10", from: router.peer))
                try firewall.install(Self.plan())

                #expect(try router.ping("192.0.2.10", from: router.peer))
                for other in ["192.0.2.11", "192.0.2.1", "100.64.0.1", "203.0.113.1"] {
                    #expect(try !router.ping(other, from: router.peer), "\(other)")
                }
                #expect(try !router.ping("192.0.2.10", from: router.peer, source: "100.64.1.9"))
                try Command.require(
                    ["ip", "netns", "exec", router.service]
                        + ["ip", "route", "add", "default", "via", "192.0.2.1"]
                )
                #expect(try !router.ping("100.64.0.2", from: router.service))
                #expect(try !router.ping("203.0.113.7", from: router.service))
                // The kernel would not translate it: its length is none of a datagram.
                let datagram: [UInt8] = [0x0f, 0xa0, 0, 9, 0, 3, 0, 1]
                try router.send(datagram, of: 17, from: "100.64.0.2", to: "192.0.2.10")
                let drops = try firewall.drops()
                #expect(drops.keys.sorted() == drops.filter { $0.value > 0 }.keys.sorted())
                #expect(drops.count == 5, "\(drops)")
                try firewall.remove()
            }
        }
    }

    @Test("what another program flushes or switches off is installed again")
    func repair() throws {
        try Router.with { router in
            try TemporaryDirectory.with { folder in
                var firewall = EgressFirewall(dataDirectory: folder.path)
                try firewall.install(Self.plan())
                #expect(try router.ping("192.0.2.10", from: router.peer))
                #expect(try firewall.verify())

                let table = firewall.tableName
                for damage in [
                    "flush ruleset", "flush chain inet \(table) leaving",
                    "add element inet \(table) services { 192.0.2.11 }",
                    "add rule inet \(table) output drop",
                ] {
                    try Command.require("nft", damage)
                    #expect(try !firewall.verify(), "\(damage)")
                    #expect(try firewall.verify())
                    #expect(try router.ping("192.0.2.10", from: router.peer), "\(damage)")
                    #expect(try !router.ping("192.0.2.11", from: router.peer), "\(damage)")
                }
                try ForwardingSwitch().set("up0", false)
                #expect(try !firewall.verify())
                #expect(Self.isOn("up0"))

                // From now on another program counts on forwarding, between all devices.
                try Command.require("sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
                #expect(try !firewall.verify())
                #expect(try !Command.require("nft", "list", "ruleset").contains("lan0"))
                try firewall.remove()
                #expect(Self.isOn("up0"))
            }
        }
    }

    @Test("while another program's flush has left no table, nothing leaves")
    func withoutTable() throws {
        try Router.with { router in
            try TemporaryDirectory.with { folder in
                var firewall = EgressFirewall(dataDirectory: folder.path)
                try firewall.install(Self.plan())
                let unmapped = "ip netns exec \(router.service) nft"
                let words = unmapped.split(separator: " ").map(String.init)
                try Command.require(
                    words + [
                        """
                        table ip seen { chain p { type filter hook prerouting priority 0; \
                        ip saddr 100.64.0.0/10 counter; }; }
                        """
                    ]
                )
                try Command.require("nft", "flush ruleset")
                #expect(try !router.ping("192.0.2.10", from: router.peer))
                let seen = try Command.require(words + ["list", "table", "ip", "seen"])
                #expect(seen.contains("counter packets 0"), "\(seen)")
                #expect(try !firewall.verify())
                #expect(try router.ping("192.0.2.10", from: router.peer))
                try Command.require("ip", "rule", "flush")
                #expect(try !firewall.verify())
                #expect(try Command.require("ip", "rule").contains("iif wgw0 blackhole"))
                try firewall.remove()
            }
        }
    }

    @Test(
        "the rule that drops unmarked packets goes with its server, and that of a killed one later"
    )
    func guardRule() throws {
        try Router.with { _ in
            try TemporaryDirectory.with { folder in
                let before = try Command.require("ip", "rule")
                var firewall = EgressFirewall(dataDirectory: folder.path)
                try firewall.install(Self.plan())
                #expect(try Command.require("ip", "rule") != before)
                try firewall.remove()
                #expect(try Command.require("ip", "rule") == before)
                try firewall.install(Self.plan())
                // As it is with a device of a process that was killed.
                try Command.require("ip", "link", "del", "wgw0")
                firewall = EgressFirewall(dataDirectory: folder.path)
                try firewall.removeLeftovers()
                #expect(try Command.require("ip", "rule") == before)
            }
        }
    }

    @Test("after the end of a server, and after the next start of a killed one, all is as it was")
    func removal() throws {
        try Router.with { _ in
            try TemporaryDirectory.with { folder in
                try Command.require("nft", "add table inet someone_elses")
                let before = try Command.require("nft", "list", "ruleset")
                var firewall = EgressFirewall(dataDirectory: folder.path)
                try firewall.removeLeftovers()
                for isKilled in [false, true] {
                    try firewall.install(Self.plan())
                    #expect(firewall.switchedDevices == ["up0"])
                    #expect(Self.isOn("up0") && !Self.isOn("all") && !Self.isOn("lan0"))
                    #expect(try Self.tables().count == 2)
                    if isKilled {
                        firewall = EgressFirewall(dataDirectory: folder.path)
                        try firewall.removeLeftovers()
                    } else {
                        try firewall.remove()
                    }
                    #expect(try Command.require("nft", "list", "ruleset") == before)
                    #expect(!Self.isOn("up0"))
                    #expect(
                        try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty
                    )
                }
            }
        }
    }

    @Test("two servers of a machine have a table each, and the end of one leaves the other working")
    func twoServers() throws {
        try Router.with { router in
            try TemporaryDirectory.with { folder in
                try Command.require(
                    "ip",
                    "link",
                    "add",
                    "wgw1",
                    "type",
                    "veth",
                    "peer",
                    "name",
                    "end1"
                )
                let folders = try ["first", "second"].map { name in
                    let folder = folder.appending(path: name)
                    try FileManager.default.createDirectory(
                        at: folder,
                        withIntermediateDirectories: false
                    )
                    return folder.path
                }
                var first = EgressFirewall(dataDirectory: folders[0])
                var second = EgressFirewall(dataDirectory: folders[1])
                try first.install(Self.plan(device: "wgw1"))
                try second.install(Self.plan())
                #expect(try router.ping("192.0.2.10", from: router.peer))
                try first.remove()
                #expect(try Self.tables().count == 1)
                #expect(try !second.verify(), "the first has switched off what both need")
                #expect(try router.ping("192.0.2.10", from: router.peer))
                try second.remove()
                #expect(!Self.isOn("up0"))
            }
        }
    }

    @Test("the commands against another program's rules let packets pass")
    func obstacles() throws {
        try Router.with { router in
            try TemporaryDirectory.with { folder in
                var firewall = EgressFirewall(dataDirectory: folder.path)
                try firewall.install(Self.plan())
                #expect(try firewall.obstacles(to: Self.plan()).isEmpty)
                try Command.require(
                    "nft",
                    """
                    table ip strict { chain f { type filter hook forward priority 5; policy drop; \
                    iifname "eth9" accept; }; }
                    """
                )
                #expect(try !router.ping("192.0.2.10", from: router.peer))
                let found = try firewall.obstacles(to: Self.plan())
                #expect(found.map(\.chain) == ["f"])
                #expect(try EgressFirewall.obstaclesOnThisMachine() == found)
                for command in found.flatMap(\.commands) {
                    try Command.require(command.split(separator: " ").dropFirst().map(String.init))
                }
                #expect(try firewall.obstacles(to: Self.plan()).isEmpty)
                #expect(try router.ping("192.0.2.10", from: router.peer))
                try firewall.remove()
                #expect(try EgressFirewall.obstaclesOnThisMachine() == nil)
            }
        }
    }

    @Test("a plan is read back from the table that was installed")
    func readBack() throws {
        try Router.with { _ in
            try TemporaryDirectory.with { folder in
                var firewall = EgressFirewall(dataDirectory: folder.path)
                for hasInternet in [false, true] {
                    var plan = try Self.plan()
                    plan.hasInternet = hasInternet
                    plan.mapped.append(try IPv4Prefix("100.64.9.0/24"))
                    try firewall.install(plan)
                    let objects = try NFTables.list(["ruleset"]) ?? []
                    #expect(EgressFirewall.installedPlans(in: objects).map(\.plan) == [plan])
                }
                try firewall.remove()
            }
        }
    }
}
