import NetAddress
import Testing

@testable import EgressFirewall

@Suite("The firewall table of a server is a function of its plan")
struct FirewallTableTests {
    private let table = FirewallTable(dataDirectory: "/var/lib/wgw")

    @Test("two data directories have two tables, and one has the same at every start")
    func names() {
        #expect(table.name == FirewallTable(dataDirectory: "/var/lib/wgw").name)
        #expect(table.name != FirewallTable(dataDirectory: "/var/lib/wgw2").name)
        #expect(table.name.wholeMatch(of: /wgw_[0-9a-f]{16}/) != nil)
    }

    @Test("a table says the ranges, the services and the device of its plan")
    func script() throws {
        let plan = try Plans.plan(services: ["192.0.2.0/24"])
        #expect(
            table.script(for: plan, closed: ["eth0", "eth1"]) == """
                table inet \(table.name)
                delete table inet \(table.name)
                table inet \(table.name) {
                \tset mapped { type ipv4_addr; flags interval; auto-merge; elements = { 100.64.0.0/24, 100.64.1.0/24 } }
                \tset services { type ipv4_addr; flags interval; auto-merge; elements = { 192.0.2.0/24 } }
                \tset not_public { type ipv4_addr; flags interval; auto-merge; elements = { 0.0.0.0/8, \
                10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24, \
                192.168.0.0/16, 198.18.0.0/15, 224.0.0.0/3, 100.64.0.0/10 } }
                \tcounter wrong_source { }
                \tcounter not_allowed { }
                \tcounter untracked { }
                \tcounter unsolicited { }
                \tcounter not_forwarded { }
                \tchain forward {
                \t\ttype filter hook forward priority filter - 10; policy accept;
                \t\tiifname "wgw0" jump leaving
                \t\toifname "wgw0" jump entering
                \t\tiifname { "eth0", "eth1" } oifname != "wgw*" counter name "not_forwarded" drop
                \t}
                \tchain prerouting {
                \t\ttype filter hook prerouting priority filter - 10; policy accept;
                \t\tiifname "wgw0" meta mark 0 meta mark set 0x40000000
                \t}
                \tchain leaving {
                \t\tmeta mark 0x40000000 meta mark set 0
                \t\tip saddr != @mapped counter name "wrong_source" drop
                \t\tmeta nfproto != ipv4 counter name "wrong_source" drop
                \t\toifname "wgw0" counter name "not_allowed" drop
                \t\tct state invalid,untracked counter name "untracked" drop
                \t\tip daddr @services accept
                \t\tip daddr @not_public counter name "not_allowed" drop
                \t\tcounter name "not_allowed" drop
                \t}
                \tchain entering {
                \t\tct state established,related accept
                \t\tcounter name "unsolicited" drop
                \t}
                \tchain input {
                \t\ttype filter hook input priority filter - 10; policy accept;
                \t\tiifname "wgw0" jump own_addresses
                \t}
                \tchain own_addresses {
                \t\tmeta mark 0x40000000 meta mark set 0
                \t\tip saddr != @mapped counter name "wrong_source" drop
                \t\tip daddr @services accept
                \t\tct state established,related accept
                \t\tcounter name "not_allowed" drop
                \t}
                \tchain output {
                \t\ttype filter hook output priority filter - 10; policy accept;
                \t\toifname "wgw0" jump entering
                \t}
                \tchain postrouting {
                \t\ttype nat hook postrouting priority srcnat; policy accept;
                \t\tip saddr @mapped oifname != "wgw0" masquerade
                \t}
                }

                """
        )
    }

    @Test(
        "packets leave for the internet in the name of the public address, where the machine has it"
    )
    func publicAddress() throws {
        let leaving = #"ip saddr @mapped oifname != "wgw0""#
        let translated =
            "\(leaving) ip daddr != @services snat ip to 203.0.113.7\n\t\t\(leaving) masquerade\n"
        for (hasInternet, address) in [(true, "203.0.113.7"), (true, ""), (false, "203.0.113.7")] {
            var plan = try Plans.plan(services: ["192.0.2.0/24"], hasInternet: hasInternet)
            plan.publicAddress = IPv4Address(address)
            let isTranslated = table.script(for: plan).contains(translated)
            #expect(isTranslated == (hasInternet && !address.isEmpty))
            #expect(table.script(for: plan).contains("\(leaving) masquerade\n"))
        }
    }

    @Test("only a plan with the internet lets public addresses through, and never private ones")
    func internet() throws {
        let without = table.script(for: try Plans.plan(services: []))
        let with = table.script(for: try Plans.plan(services: [], hasInternet: true))
        #expect(with.contains("not_public counter name \"not_allowed\" drop\n\t\taccept\n"))
        #expect(!without.contains("drop\n\t\taccept\n"))
        for closed in [
            "10.1.2.3", "169.254.169.254", "100.64.0.9", "192.168.1.1", "255.255.255.255",
        ] {
            let address = try #require(IPv4Address(closed))
            #expect(FirewallPlan.notPublic.contains { $0.contains(address) }, "\(closed)")
        }
        for reachable in ["1.1.1.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "100.128.0.1"] {
            let address = try #require(IPv4Address(reachable))
            #expect(!FirewallPlan.notPublic.contains { $0.contains(address) }, "\(reachable)")
        }
    }
}

enum Plans {
    static func plan(services: [String], hasInternet: Bool = false) throws -> FirewallPlan {
        FirewallPlan(
            device: "wgw0",
            mapped: [try IPv4Prefix("100.64.0.0/24"), try IPv4Prefix("100.64.1.0/24")],
            pool: try IPv4Prefix("100.64.0.0/10"),
            services: try services.map { try IPv4Prefix($0) },
            hasInternet: hasInternet
        )
    }
}
