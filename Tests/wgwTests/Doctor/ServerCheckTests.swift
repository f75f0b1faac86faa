import GatewayDomain
import NetAddress
import SystemIO
import Testing

@testable import EgressFirewall
@testable import wgw

@Suite("What wgw doctor finds about a server")
struct ServerCheckTests {
    @Test(
        "an address that not everybody reaches is a warning with its kind",
        arguments: [
            ("1.1.1.1", nil), ("2606:4700::1111", nil), ("127.0.0.1", "this machine itself"),
            ("10.1.2.3", "a private network"), ("172.31.0.1", "a private network"),
            ("172.32.0.1", nil), ("192.168.1.1", "a private network"),
            ("100.64.0.1", "a provider's NAT"), ("fd00::1", "a private network"),
            ("2001:db8::1", "documentation"), ("203.0.113.9", "documentation"),
        ] as [(String, String?)]
    )
    func endpoint(text: String, kind: String?) throws {
        let host = try #require(PublicHost(text))
        let found = EndpointCheck.run(host) { _ throws(NameLookupError) in
            throw NameLookupError(reason: "not asked")
        }
        #expect(found.severity == (kind == nil ? .ok : .warning))
        if let kind { #expect(found.message.contains(kind), "\(found)") }
    }

    @Test("a host name is judged by its address, and is an error without one")
    func endpointName() throws {
        let host = try #require(PublicHost("vpn.example.com"))
        let inside = EndpointCheck.run(host) { _ throws(NameLookupError) in
            .v4(IPv4Address(bits: 0x0a00_0001))
        }
        #expect(inside.severity == .warning)
        #expect(inside.message.contains("vpn.example.com (10.0.0.1): it is an address"))
        let absent = EndpointCheck.run(host) { _ throws(NameLookupError) in
            throw NameLookupError(reason: "Name or service not known")
        }
        #expect(absent.severity == .error)
        #expect(absent.message.contains("Name or service not known"))
    }

    @Test("clocks that are half a minute apart are a warning with the difference and its side")
    func clock() {
        func found(_ server: Int64) -> CheckResult {
            let time = { (seconds: Int64) in Timestamp(microseconds: seconds * 1_000_000) }
            return ClockCheck.run(server: time(server), asked: time(1_000), answered: time(1_010))
        }
        // The answer took ten seconds, in which the server's time may have been any.
        for server: Int64 in [971, 1_000, 1_005, 1_010, 1_040] {
            #expect(found(server).severity == .ok, "\(server)")
        }
        #expect(found(900).message.contains("100 seconds ahead of the server's"), "\(found(900))")
        #expect(found(1_100).message.contains("90 seconds behind the server's"))
    }

    @Test("gateways without their way out are errors, each cause once and with its command")
    func egress() throws {
        let reason = FirewallError.rightMissing(.service).description
        let found = EgressCheck.results(
            ofWaiting: [
                ("a", reason), ("b", "port 5000 is taken"), ("c", reason),
                ("d", FirewallError.programMissing.description),
            ]
        )
        #expect(
            found.map(\.code) == [.egress, .egress] && found.allSatisfy { $0.severity == .error }
        )
        #expect(found[0].message.hasPrefix("2 gateways have no way out. Egress needs the right"))
        #expect(found[0].command?.hasSuffix(" && sudo systemctl restart wgw") == true)
        #expect(found[1].message.hasPrefix("Gateway 'd' has no way out. The program nft"))
        #expect(found[1].command == "sudo apt-get install nftables")
        let machine = EgressCheck.results([]) + found.prefix(1)
        #expect(EgressCheck.remaining(machine, besides: found) == [])
        #expect(EgressCheck.remaining(machine, besides: []) == machine)
    }

    @Test("tables of iptables-legacy are a warning, as their rules cannot be judged")
    func legacyTables() {
        #expect(EgressCheck.results([]).map(\.severity) == [.ok])
        let found = EgressCheck.results([], legacyTables: ["filter", "nat"])
        #expect(found.map(\.severity) == [.warning])
        #expect(found[0].message.contains("iptables-legacy (filter, nat)"))
        #expect(found[0].command == "sudo iptables-legacy -S FORWARD")
        #expect(EgressCheck.results(nil, legacyTables: ["filter"]).isEmpty)
    }

    @Test("every reason of a missing way out is told apart into what is wrong and its commands")
    func reasons() {
        for error in [
            FirewallError.programMissing, .rightMissing(.service),
            .forwarding(device: "wgw0", reason: "Read-only file system"),
        ] {
            let reason = StatusReason(error.description)
            #expect(!reason.commands.isEmpty && !reason.finding.contains("sudo"), "\(error)")
        }
        for place in [ProgramPlace.container, .other] {
            let text = FirewallError.rightMissing(place).description
            let reason = StatusReason(text)
            #expect(reason.commands.isEmpty && !text.contains("systemctl"), "\(text)")
            #expect(reason.advice?.hasPrefix("start ") == true, "\(text)")
            let found = EgressCheck.results(ofWaiting: [("a", text)])
            #expect(found.map(\.severity) == [.error] && found[0].command == nil)
            #expect(found[0].nextStep?.contains("anew") == true)
        }
        for author in [ForwardObstacle.Author.docker, .iptables, .ufw, .firewalld, .other] {
            let obstacle = ForwardObstacle(
                author: author,
                family: "ip",
                table: "filter",
                chain: "FORWARD",
                device: "wgw0",
                isOnTheWayOut: true,
                isCertain: true
            )
            let reason = StatusReason(obstacle.description)
            #expect(reason.finding + "." == obstacle.finding)
            #expect(reason.commands == obstacle.commands)
        }
    }

    @Test("two versions are a warning that names both")
    func version() {
        #expect(VersionCheck.run(server: "0.1.0", client: "0.1.0").severity == .ok)
        let differing = VersionCheck.run(server: "0.2.0", client: "0.1.0")
        #expect(differing.severity == .warning)
        #expect(differing.message.contains("version 0.2.0, this command line version 0.1.0"))
    }
}
