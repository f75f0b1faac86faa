import EndToEndSupport
import Foundation
import Glibc
import TestSupport
import Testing

extension ThroughTheGateway {
    @Suite("A machine without the kernel module is a client")
    struct ConnectTests {
        /// The server's host, with a web server and a hub of ours or of another make, and one client's link.
        private struct Field {
            let stage: Stage
            let client: HubPeer
            let other: HubPeer
            private let hubKey: String
            private let hub: BackgroundProcess?
            private let stock: OtherServer?

            private static let address = "10.77.0.1"

            init(_ stage: Stage, isStock: Bool) async throws {
                self.stage = stage
                (client, other) = (try HubPeer("a", number: 2), try HubPeer("b", number: 3))
                let key = try HubPeer.word(of: Command.require("wg", "genkey"))
                hubKey = try HubPeer.word(of: Command.require("wg", "pubkey", input: key))
                let text = """
                    [Interface]
                    PrivateKey = \(key)
                    ListenPort = 51820
                    Address = \(Self.address)/24

                    """ + client.section + other.section
                if isStock {
                    hub = nil
                    stock = try await OtherServer(
                        on: stage,
                        file: text,
                        address: "\(Self.address)/24",
                        networks: ["198.51.100.0/24"]
                    )
                } else {
                    stock = nil
                    let file = stage.folder.appending(path: "hub-\(stage.label).conf")
                    try Data(text.utf8).write(to: file)
                    hub = try await .ready(
                        stage.topology.server.command(Program.command + ["hub", file.path]),
                        logs: stage.folder,
                        name: "hub"
                    )
                }
            }

            func config(
                _ peer: HubPeer,
                allowedIPs: String = "10.77.0.0/24",
                endpoint: String = Topology.endpointAddress,
                more: String = ""
            ) -> String {
                """
                [Interface]
                PrivateKey = \(peer.privateKey)
                Address = \(peer.address)/32
                \(more)
                [Peer]
                PublicKey = \(hubKey)
                AllowedIPs = \(allowedIPs)
                Endpoint = \(endpoint):51820
                PersistentKeepalive = 25

                """
            }

            func connect(
                _ peer: HubPeer,
                config: String? = nil,
                options: [String] = [],
                programs: URL? = nil,
                on link: Link? = nil,
                number: Int = 1
            ) async throws -> ConnectedHost {
                try await ConnectedHost(
                    on: link ?? stage.topology.addHost(peer.name),
                    config: config ?? self.config(peer),
                    options: options,
                    programs: programs,
                    number: number,
                    world: stage.label,
                    logs: stage.folder
                )
            }

            func stop() {
                hub?.kill()
                stock?.stop()
            }
        }

        private func onField(
            isStock: Bool = false,
            _ body: (Field) async throws -> Void
        ) async throws {
            try await Stage.with { stage in
                let field = try await Field(stage, isStock: isStock)
                defer { field.stop() }
                try await body(field)
            }
        }

        /// Whether a web page of several megabytes arrives whole.
        private func fetches(
            _ field: Field,
            from server: Namespace,
            at address: String,
            by client: Namespace
        ) async throws -> Bool {
            let root = field.stage.folder.appending(path: "web-\(address)")
            try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
            let page = String(repeating: "0123456789abcdef", count: 1 << 18)
            try Data(page.utf8).write(to: root.appending(path: "page.txt"))
            let web = try BackgroundProcess(
                server.command(["busybox", "httpd", "-f", "-p", "\(address):8000", "-h", root.path]
                ),
                logs: field.stage.folder,
                name: "httpd-\(address)"
            )
            defer { web.kill() }
            return try await eventually {
                try client.fetch("http://\(address):8000/page.txt") == page
            }
        }

        @Test(
            "a connected machine and a stock client ping each other and fetch pages, through our hub and a stock one",
            arguments: [false, true]
        )
        func reach(isStock: Bool) async throws {
            try await onField(isStock: isStock) { field in
                let machine = try await field.connect(field.client)
                let peer = try await WireGuardClient(
                    on: field.stage.topology.addHost("stock"),
                    config: ClientConfig(text: field.config(field.other), privateKey: ""),
                    world: field.stage.label,
                    logs: field.stage.folder
                )
                defer { peer.stop() }
                #expect(try machine.host.ping("10.77.0.1") != nil, "\(machine.log)")
                #expect(try peer.host.ping("10.77.0.1") != nil)
                #expect(try machine.host.ping(peer.address)?.ttl == 63)
                #expect(try peer.host.ping(field.client.address)?.ttl == 63)
                #expect(try machine.host.ping(peer.address, bytes: 4000) != nil)
                let downloads = try await fetches(
                    field,
                    from: peer.host,
                    at: peer.address,
                    by: machine.host
                )
                #expect(downloads)
                let uploads = try await fetches(
                    field,
                    from: machine.host,
                    at: field.client.address,
                    by: peer.host
                )
                #expect(uploads)
                #expect(try await machine.stop() == 0)
            }
        }

        @Test(
            "with a default route all goes into the tunnel but its own packets, also from another network"
        )
        func everything() async throws {
            try await onField { field in
                let machine = try await field.connect(
                    field.client,
                    config: field.config(field.client, allowedIPs: "0.0.0.0/0, ::/0")
                )
                #expect(try machine.host.ping("10.77.0.1") != nil, "\(machine.log)")
                let route = try machine.host.run("ip", "route", "get", "203.0.113.9")
                #expect(route.contains("dev \(machine.device)"), "\(route)")
                // What is at hand stays at hand.
                let near = try machine.host.run("ip", "route", "get", "10.201.1.1")
                #expect(near.contains("dev eth0"), "\(near)")

                try machine.link.roam()
                #expect(try machine.host.ping("10.77.0.1") != nil, "\(machine.log)")
                #expect(try await machine.stop() == 0)
                #expect(try machine.host.ping("10.77.0.1", timeout: 0.5) == nil)
            }
        }

        @Test(
            "after SIGTERM the machine is as it was, and after kill -9 the next start works and leaves nothing",
            arguments: ["10.77.0.0/24", "0.0.0.0/0, ::/0"]
        )
        func cleanUp(allowedIPs: String) async throws {
            try await onField { field in
                let config = field.config(field.client, allowedIPs: allowedIPs)
                let machine = try await field.connect(field.client, config: config)
                #expect(try await machine.stop() == 0)
                let before = try machine.state()
                #expect(!before.contains(machine.device), "\(before)")

                for _ in 0..<2 {
                    try await machine.start()
                    #expect(try machine.host.ping("10.77.0.1") != nil, "\(machine.log)")
                    machine.kill()
                }
                try await machine.start()
                #expect(machine.log.contains("removed what an earlier wgw connect left behind"))
                #expect(try machine.host.ping("10.77.0.1") != nil, "\(machine.log)")
                #expect(try await machine.stop() == 0)
                let after = try machine.state()
                #expect(after == before)
            }
        }

        @Test(
            "--allowed-ips and --no-routes say what is routed, and the interface has its address in any case"
        )
        func options() async throws {
            try await onField { field in
                let everything = field.config(field.client, allowedIPs: "0.0.0.0/0")
                let some = try await field.connect(
                    field.client,
                    config: everything,
                    options: ["--allowed-ips", "10.77.0.0/24,198.51.100.0/24"]
                )
                #expect(try some.host.ping("10.77.0.1") != nil, "\(some.log)")
                let routes = try some.host.run("ip", "route", "show", "dev", some.device)
                    .split(separator: "\n").compactMap { $0.split(separator: " ").first }
                #expect(routes == ["10.77.0.0/24", "198.51.100.0/24"])
                #expect(try await some.stop() == 0)

                let none = try await field.connect(
                    field.other,
                    config: field.config(field.other, allowedIPs: "0.0.0.0/0"),
                    options: ["--no-routes"]
                )
                #expect(try none.host.run("ip", "route", "show", "dev", none.device) == "")
                #expect(try none.host.ping("10.77.0.1", timeout: 0.5) == nil)
                try none.host.run("ip", "route", "add", "10.77.0.1", "dev", none.device)
                #expect(try none.host.ping("10.77.0.1") != nil, "\(none.log)")
                #expect(try await none.stop() == 0)
            }
        }

        @Test("a connection whose interface another program removes says so, ends, and begins anew")
        func lostInterface() async throws {
            try await onField { field in
                let config = field.config(field.client, allowedIPs: "0.0.0.0/0")
                let machine = try await field.connect(field.client, config: config)
                #expect(try machine.host.ping("10.77.0.1") != nil, "\(machine.log)")
                try machine.host.run("ip", "link", "del", machine.device)
                #expect(try await machine.end() == 1)
                let sentence = "another program removed the interface \(machine.device)"
                #expect(machine.log.contains(sentence), "\(machine.log)")
                #expect(try !machine.state().contains("51820"), "its rules are gone")
                try await machine.start()
                #expect(try machine.host.ping("10.77.0.1") != nil, "\(machine.log)")
                #expect(try await machine.stop() == 0)
            }
        }

        @Test(
            "a connection whose interface another program switches off is up again with its routes"
        )
        func interfaceOff() async throws {
            try await onField { field in
                let config = field.config(field.client, allowedIPs: "0.0.0.0/0")
                let machine = try await field.connect(field.client, config: config)
                let show = ["ip", "-4", "route", "show", "table", "all", "dev", machine.device]
                let routes = { try Command.require(machine.host.command(show)) }
                let before = try routes()
                #expect(before.contains("default"))
                try machine.host.run("ip", "link", "set", machine.device, "down")
                #expect(try await eventually { try routes() == before })
                #expect(try machine.host.ping("10.77.0.1") != nil, "\(machine.log)")
                #expect(machine.log.contains("switched the interface off"), "\(machine.log)")
                #expect(try await machine.stop() == 0)
            }
        }

        @Test(
            "two connections of one machine that take everything have marks of their own, and end one by one"
        )
        func two() async throws {
            try await onField { field in
                let link = try field.stage.topology.addHost("both")
                let before = try link.client.run("ip", "rule")
                let first = try await field.connect(
                    field.client,
                    config: field.config(field.client, allowedIPs: "0.0.0.0/0"),
                    on: link
                )
                #expect(try link.client.ping("10.77.0.1") != nil, "\(first.log)")
                let second = try await field.connect(
                    field.other,
                    config: field.config(field.other, allowedIPs: "0.0.0.0/0"),
                    on: link,
                    number: 2
                )
                let marks = try link.client.run("ip", "rule")
                    .matches(of: /not from all fwmark (0x[0-9a-f]+)/).map { String($0.1) }
                #expect(Set(marks).count == 2, "\(marks)")
                let route = try link.client.run("ip", "route", "get", "203.0.113.9")
                #expect(route.contains("dev \(second.device)"), "\(route)")
                #expect(try await second.stop() == 0)
                #expect(try link.client.ping("10.77.0.1") != nil, "\(first.log)")
                #expect(try await first.stop() == 0)
                #expect(try link.client.run("ip", "rule") == before)
            }
        }

        @Test(
            "a gateway whose name is looked up again and found inside the tunnel's networks is reached past the tunnel"
        )
        func movedGateway() async throws {
            try await onField { field in
                let stage = field.stage
                let link = try stage.topology.addHost(field.client.name)
                let names = try HostNames(of: link.client, resolver: "nameserver 203.0.113.5\n")
                defer { names.remove() }
                try link.client.run("ip", "route", "add", "unreachable", "203.0.113.5")
                try names.set("\(Topology.endpointAddress) gateway.example\n")
                let machine = try await field.connect(
                    field.client,
                    config: field.config(
                        field.client,
                        allowedIPs: "10.77.0.0/24, 198.51.100.0/24",
                        endpoint: "gateway.example"
                    ),
                    on: link
                )
                #expect(try link.client.ping("10.77.0.1") != nil, "\(machine.log)")
                let rules = try link.client.run("ip", "rule")
                try stage.topology.server.run(
                    "ip",
                    "address",
                    "add",
                    "198.51.100.1/32",
                    "dev",
                    "lo"
                )
                try stage.topology.server.run(
                    "ip",
                    "address",
                    "del",
                    "\(Topology.endpointAddress)/32",
                    "dev",
                    "lo"
                )
                try names.set("198.51.100.1 gateway.example\n")
                machine.hangUp()
                let hasMoved = try await eventually {
                    machine.log.contains("a gateway is in a network of the tunnel")
                }
                #expect(hasMoved, "\(machine.log)")
                #expect(try link.client.ping("10.77.0.1") != nil, "\(machine.log)")
                let other = try link.client.run("ip", "route", "get", "198.51.100.9")
                #expect(other.contains("dev \(machine.device)"), "\(other)")
                #expect(try link.client.run("ip", "rule") != rules)
                #expect(try await machine.stop() == 0)
                #expect(try link.client.run("ip", "rule") == rules)
            }
        }

        @Test("the tunnel's MTU fits the link to its gateway")
        func pathMTU() async throws {
            try await onField { field in
                let link = try field.stage.topology.addHost(field.client.name)
                try link.client.run("ip", "link", "set", "eth0", "mtu", "1400")
                let machine = try await field.connect(field.client, on: link)
                let shown = try link.client.run("ip", "link", "show", machine.device)
                #expect(shown.contains("mtu 1320"), "\(shown)")
                #expect(machine.output.contains("MTU 1320"), "\(machine.output)")
                #expect(try link.client.ping("10.77.0.1", bytes: 1292) != nil, "\(machine.log)")
                #expect(try await machine.stop() == 0)
            }
        }

        @Test(
            "name servers are given to resolvconf, and taken back, after kill -9 by the next start"
        )
        func nameServers() async throws {
            try await onField { field in
                let programs = field.stage.folder.appending(path: "programs")
                try FileManager.default.createDirectory(
                    at: programs,
                    withIntermediateDirectories: false
                )
                let stub = programs.appending(path: "resolvconf")
                let told = field.stage.folder.appending(path: "told")
                try Data(
                    "#!/bin/sh\necho \"$@\" >>\(told.path)\n[ $1 = -d ] || cat >>\(told.path)\n"
                        .utf8
                )
                .write(to: stub)
                chmod(stub.path, 0o755)
                let machine = try await field.connect(
                    field.client,
                    config: field.config(field.client, more: "DNS = 10.77.0.1, corp.example"),
                    programs: programs
                )
                machine.kill()
                try await machine.start()
                #expect(try await machine.stop() == 0)
                let text = try String(contentsOf: told, encoding: .utf8)
                #expect(
                    text == """
                        -a \(machine.device) -m 0 -x
                        nameserver 10.77.0.1
                        search corp.example
                        -d \(machine.device) -f
                        -a \(machine.device) -m 0 -x
                        nameserver 10.77.0.1
                        search corp.example
                        -d \(machine.device) -f

                        """
                )
            }
        }
    }
}
