import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// The commands about private services, routes, internet gateways and default gateways, against a real server.
@Suite(.timeLimit(.minutes(5)))
struct WayOutCommandTests {
    @Test(
        "a private service is made, shown, changed and deleted, and a gateway is given it by name"
    )
    func services() async throws {
        try await ClientWorld.run { world in
            let made = try world.wgw(
                "service",
                "create",
                "sip",
                "--prefixes",
                "192.0.2.0/24,198.51.100.7/32",
                "--protocol",
                "udp",
                "--ports",
                "5060,10000-20000",
                "--description",
                "Calls"
            )
            #expect(made.status == 0, "\(made.output)")
            #expect(
                try world.wgw("service", "list").masked == """
                    NAME  PREFIXES                       PROTOCOL  PORTS              REGIONS  SOURCE
                    sip   192.0.2.0/24, 198.51.100.7/32  udp       5060, 10000-20000  all      api

                    """
            )
            #expect(
                try world.wgw("service", "get", "sip").masked == """
                    name:             sip
                    prefixes:         192.0.2.0/24, 198.51.100.7/32
                    protocol:         udp
                    ports:            5060, 10000-20000
                    regions:          all
                    source:           api
                    description:      Calls
                    organizations:    all
                    private-prefixes: refused
                    id:               ID
                    created:          TIME
                    updated:          TIME

                    """
            )
            try world.require("service", "update", "sip", "--ports", "all", "--protocol", "tcp")
            #expect(
                try world.require("service", "list", "--columns", "ports,protocol", "--no-header")
                    == "all  tcp\n"
            )
            let gateway = try world.require("gateway", "update", "first", "--services", "sip")
            #expect(gateway.contains("services:         sip\n"), "\(gateway)")
            let peer = try await world.makePeer("laptop")
            let config = try world.require("peer", "config", "laptop")
            #expect(config.contains("AllowedIPs = 172.27.0.0/24, 192.0.2.0/24, 198.51.100.7/32\n"))
            let explained = try world.wgw("explain", "laptop", "192.0.2.9")
            #expect(explained.output.contains("private service sip (TCP)"), "\(explained.output)")
            #expect(!peer.id.isEmpty)
            let unknown = try world.wgw("gateway", "update", "first", "--services", "web")
            #expect(
                unknown.output.contains(
                    "value 1 of --services must name private services: there is no service 'web'; the server has sip"
                ),
                "\(unknown.output)"
            )
            try world.require("service", "delete", "--yes", "sip")
            #expect(
                try world.require("gateway", "get", "first").contains("services:         -\n")
            )
            for (words, status, sentence) in [
                (
                    ["service", "create", "x", "--prefixes", "10.0.0.0/8"], 1,
                    "allow_private_prefixes"
                ),
                (["service", "create", "x", "--prefixes", "10.0.0.1/8"], 2, "host bits"),
                (["service", "get", "sap"], 3, "there is no service named 'sap'"),
                (["gateway", "update", "first", "--services", "web"], 1, "the server has none"),
            ] as [([String], Int32, String)] {
                let end = try world.run(words)
                #expect(end.status == status, "\(words): \(end.output)")
                #expect(end.output.contains(sentence) && end.lines.count == 1, "\(end.output)")
            }
        }
    }

    @Test(
        "a gateway that leads to a service says which right its server lacks for that, and carries its peers"
    )
    func standing() async throws {
        try await ClientWorld.run { world in
            try world.require("wait", "gateway", "first", "--for", "provisioned", "--timeout", "1m")
            try world.require("service", "create", "sip", "--prefixes", "192.0.2.0/24")
            try world.require("gateway", "update", "first", "--enable-sip-trunking")
            let status = try await eventual {
                let page = try world.require("gateway", "get", "first", "-o", "json")
                // At first it waits for the word of its node.
                return page.contains("CAP_NET_ADMIN") ? page : nil
            }
            #expect(status?.contains(#""status": "provisioning""#) == true)
            let columns = try world.require(
                "gateway",
                "get",
                "first",
                "--columns",
                "region,services"
            )
            #expect(columns == "region:   local\nservices: all of its region\n", "\(columns)")
            let bare = ["gateway", "get", "first", "--columns", "region", "--no-header"]
            #expect(try world.require(bare) == "local\n")
            #expect(status?.contains("CAP_NET_ADMIN") == true, "\(status ?? "")")
            let doctor = try world.wgw("doctor", "-o", "json")
            #expect(doctor.status == 1)
            #expect(doctor.output.contains("Gateway 'first' has no way out."), "\(doctor.output)")
            #expect(doctor.output.contains(", start "), "\(doctor.output)")
            try world.require("gateway", "update", "first", "--no-enable-sip-trunking")
            try world.require("wait", "gateway", "first", "--for", "provisioned", "--timeout", "1m")
        }
    }

    @Test("routes, a default gateway and an internet gateway are made, listed and taken away")
    func routes() async throws {
        try await ClientWorld.run { world in
            _ = try await world.makePeer("router")
            try world.require("wait", "gateway", "first", "--for", "provisioned", "--timeout", "1m")
            try world.require("route", "create", "192.168.10.0/24", "--peer", "router")
            try world.require("network", "default-gateway", "office", "--peer", "router")
            let list = try await eventual {
                let list = try world.wgw("route", "list", "--network", "office").masked
                return list.contains("inactive") ? nil : list
            }
            #expect(
                list == """
                    PREFIX           NETWORK  NEXT HOP       ORIGIN      STATUS
                    172.27.0.0/24    office   gateway first  attachment  active
                    192.168.10.0/24  office   peer router    static      active
                    0.0.0.0/0        office   peer router    attachment  active

                    """
            )
            #expect(try world.require("peer", "get", "router").contains("192.168.10.0/24"))
            let shown = try world.require("network", "default-gateway", "office")
            #expect(shown.contains("status:  provisioned\n"), "\(shown)")
            _ = try await world.makePeer("spare")
            let replaced = try world.require(
                "network",
                "default-gateway",
                "office",
                "--peer",
                "spare"
            )
            #expect(replaced.contains(/peer: +spare\n/), "\(replaced)")
            #expect(
                try world.require("network", "default-gateway", "office", "--remove")
                    == "network 'office' has no default gateway any more\n"
            )
            #expect(try world.wgw("network", "default-gateway", "office").status == 3)
            try world.require("route", "delete", "--yes", "192.168.10.0/24")
            let attached = try world.wgw("route", "delete", "--yes", "172.27.0.0/24")
            #expect(attached.status == 5, "\(attached.output)")
            try world.require("network", "default-gateway", "office", "--peer", "router")
            let everything = try world.wgw("route", "delete", "--yes", "0.0.0.0/0")
            #expect(
                everything.output.contains("wgw network default-gateway"),
                "\(everything.output)"
            )
            try world.require("internet-gateway", "create", "exit")
            let twice = try world.wgw("route", "delete", "--yes", "0.0.0.0/0").output
            #expect(twice.contains("(next hop peer router)"), "\(twice)")
            #expect(twice.contains("(next hop internet gateway exit)"), "\(twice)")
            let used = try world.wgw("network", "delete", "--yes", "office").output
            #expect(used.contains("the gateway 'first', the internet gateway 'exit'"), "\(used)")
            let route = try world.wgw("explain", "router", "2001:db8::1").output
            #expect(route.contains("no IPv6"), "\(route)")
            try world.require("network", "default-gateway", "office", "--remove")
            #expect(
                try world.wgw("internet-gateway", "list", "--columns", "name,network,region").output
                    == """
                    NAME  NETWORK  REGION
                    exit  office   local

                    """
            )
            try world.require("internet-gateway", "delete", "--yes", "exit")
            try world.require(
                "peer",
                "create",
                "branch",
                "--route",
                "10.9.0.0/16",
                "-o",
                "\(world.userFolder.path)/b.conf"
            )
            #expect(try world.require("route", "list", "-o", "name").contains("10.9.0.0/16\n"))
        }
    }

    @Test("services and internet gateways are exported, and applied to another server")
    func declaration() async throws {
        try await ClientWorld.run { world in
            try world.require("service", "create", "sip", "--prefixes", "192.0.2.0/24")
            try world.require("internet-gateway", "create", "exit")
            try world.require("gateway", "update", "first", "--services", "sip")
            let file = world.userFolder.appending(path: "all.yaml")
            let text = try world.require("export")
            try text.write(to: file, atomically: true, encoding: .utf8)
            #expect(text.contains("services:\n- name: sip\n"), "\(text)")
            let same = try world.require("apply", "-f", file.path, "--yes")
            #expect(same.contains("4"), "\(same)")
            try await ClientWorld.empty { other in
                try other.require("apply", "-f", file.path, "--yes")
                #expect(try other.require("export") == text)
            }
        }
    }

    @Test("without a terminal only --yes deletes, and what still needs the object is said")
    func deletions() async throws {
        try await ClientWorld.run { world in
            try world.require("service", "create", "sip", "--prefixes", "192.0.2.0/24")
            try world.require("gateway", "update", "first", "--services", "sip")
            _ = try await world.makePeer("router")
            try world.require("route", "create", "192.168.10.0/24", "--peer", "router")
            try world.require("network", "default-gateway", "office", "--peer", "router")
            for (words, sentence) in [
                (["service", "sip"], "service 'sip' (gateway 'first' names it)"),
                (
                    ["peer", "router"],
                    "peer 'router' (the default gateway of its network, and the way to 192.168.10.0/24)"
                ),
                (["gateway", "first"], "gateway 'first' and its peer"),
                (
                    ["network", "office"],
                    "network 'office' (gateway 'first' is in it, to be deleted first)"
                ),
            ] {
                let refused = try world.run([words[0], "delete", words[1]])
                #expect(refused.status == 2, "\(refused.output)")
                #expect(
                    refused.output.contains("deleting \(sentence) takes a yes"),
                    "\(refused.output)"
                )
                #expect(try world.run([words[0], "get", words[1]]).status == 0)
            }
        }
    }

    @Test("a file with what the server refuses changes nothing, and --dry-run says so, too")
    func refusedDeclaration() async throws {
        try await ClientWorld.run { world in
            let before = try world.require("export")
            let file = world.userFolder.appending(path: "bad.yaml")
            let text = """
                version: 1
                services:
                - name: sip
                  prefixes: [192.0.2.0/24]
                - name: api
                  prefixes: [203.0.114.0/24, 192.0.2.128/25]
                networks:
                - name: lab
                gateways:
                - name: attic
                  network: lab
                  region_code: local
                  services: [sip]
                  subnet: 10.1.0.0/30
                """
            try text.write(to: file, atomically: true, encoding: .utf8)
            for words in [["--dry-run"], ["--yes"]] {
                let end = try world.run(["apply", "-f", file.path] + words)
                #expect(end.status == 1, "\(end.output)")
                #expect(end.output.contains("nothing was changed"), "\(end.output)")
                #expect(
                    end.output.contains("bad.yaml:6: services[1].prefixes[1] overlaps"),
                    "\(end.output)"
                )
                #expect(
                    end.output.contains("bad.yaml:14: gateways[0].subnet must be inside"),
                    "\(end.output)"
                )
            }
            #expect(try world.require("export") == before)
            try text.replacing("[sip]", with: "[sip, web]")
                .write(to: file, atomically: true, encoding: .utf8)
            let missing = try world.run(["apply", "-f", file.path, "--dry-run"])
            #expect(
                missing.output.contains("names the service web, which neither"),
                "\(missing.output)"
            )
            let columns = try world.require("peer", "list", "--columns", "help")
            #expect(columns.contains("name,address,gateway"), "\(columns)")
        }
    }
}
