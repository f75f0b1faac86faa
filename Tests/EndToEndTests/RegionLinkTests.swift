import EndToEndSupport
import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    /// Gateways of one network in three regions, each on a node of its own: the one inside of the server, and two that
    /// are other processes on other hosts, with 5, 40 and 80 milliseconds between them. Stock clients.
    struct RegionLinkTests {
        private static let regions = ["local", "far", "farther"]
        private static let addresses = [Topology.endpointAddress, "192.0.2.2", "192.0.2.3"]

        /// The world, with a node in each region.
        private struct Field {
            let world: World
            let ways: Ways
            /// That of the server is not among them.
            let machines: [RemoteMachine]

            func addGateway(_ number: Int, of network: String) async throws -> GatewayRecord {
                try await world.addGateway(toNetwork: network, region: regions[number])
            }

            func addClient(
                _ name: String,
                _ number: Int,
                of gateway: GatewayRecord
            ) async throws -> Member {
                let node = number == 0 ? nil : machines[number - 1]
                return try await world.addClient(name, of: gateway, at: node)
            }

            /// A gateway and a client in each region.
            func addNetwork(_ name: String) async throws -> [Member] {
                let network = try await world.api.createNetwork(name).id
                var gateways: [GatewayRecord] = []
                for number in regions.indices {
                    gateways.append(try await addGateway(number, of: network))
                }
                var members: [Member] = []
                for (number, gateway) in gateways.enumerated() {
                    members.append(try await addClient("\(name)\(number)", number, of: gateway))
                }
                return members
            }

            /// The states of all links, by their regions.
            func states() async throws -> [[String]: String] {
                let links = try await world.api.backboneLinks()
                return Dictionary(links.map { ($0.regions, $0.state) }) { max($0, $1) }
            }

            func areUp(_ count: Int) async throws -> Bool {
                try await eventually {
                    let links = try await world.api.backboneLinks()
                    return links.count == count && links.allSatisfy { $0.state == "up" }
                }
            }
        }

        private static func run(_ body: (Field) async throws -> Void) async throws {
            try await World.run(workers: 2, options: RemoteMachine.serverOptions) { world in
                let hosts = [try world.addHost("far"), try world.addHost("farther")]
                let ways = try await Ways(
                    between: [
                        addresses[0]: world.host, addresses[1]: hosts[0], addresses[2]: hosts[1],
                    ],
                    delays: [
                        (addresses[0], addresses[1], 5), (addresses[0], addresses[2], 40),
                        (addresses[1], addresses[2], 80),
                    ],
                    of: world
                )
                defer { ways.remove() }
                let machines = try hosts.enumerated().map { number, host in
                    try RemoteMachine(
                        "\(regions[number + 1])-1",
                        region: regions[number + 1],
                        on: host,
                        endpointAddress: addresses[number + 1],
                        of: world
                    )
                }
                do {
                    for machine in machines {
                        try await machine.connectLine()
                        try await machine.join()
                    }
                    try await body(Field(world: world, ways: ways, machines: machines))
                } catch {
                    for machine in machines { Issue.record("A node's log:\n\(machine.log)") }
                    throw error
                }
            }
        }

        private static func address(of gateway: GatewayRecord) -> String {
            String(gateway.serverIpAddress.prefix { $0 != "/" })
        }

        /// Whether each reaches each.
        private static func expectReach(_ members: [Member]) throws {
            for from in members {
                for to in members where from.address != to.address {
                    #expect(
                        try from.host.ping(to.address) != nil,
                        "from \(from.address) to \(to.address)"
                    )
                }
            }
        }

        @Test(
            "peers of three regions reach each other, whether gateways or peers come first",
            arguments: [true, false]
        )
        func reachability(gatewaysFirst: Bool) async throws {
            try await Self.run { field in
                let network = try await field.world.api.createNetwork("all").id
                var gateways: [GatewayRecord] = []
                var members: [Member] = []
                for number in Self.regions.indices {
                    gateways.append(try await field.addGateway(number, of: network))
                    guard !gatewaysFirst else { continue }
                    members.append(
                        try await field.addClient("c\(number)", number, of: gateways[number])
                    )
                }
                for (number, gateway) in gateways.enumerated() where gatewaysFirst {
                    members.append(try await field.addClient("c\(number)", number, of: gateway))
                }
                for member in members {
                    let state = try await field.world.api.peer(member.peer.id).configState
                    // That of the last one lists all regions.
                    let isCurrent = gatewaysFirst || member.address == members[2].address
                    #expect(state == (isCurrent ? "current" : "outdated"))
                    if !isCurrent { try await field.world.refresh(member) }
                }
                #expect(try await field.areUp(3), "every two gateways have a link")
                try Self.expectReach(members)
                #expect(
                    try members[1].host.traceroute(members[2].address)
                        == [
                            Self.address(of: gateways[1]), Self.address(of: gateways[2]),
                            members[2].address,
                        ]
                )
                let roundTrips = try await field.world.api.backboneLinks().map {
                    ($0.regions, $0.roundTripUs ?? 0)
                }
                for (regions, microseconds) in roundTrips where regions == ["far", "farther"] {
                    #expect(microseconds >= 80_000)
                }

                // As large as a peer's packets get.
                let full = try members[1].host.attempt(
                    "ping",
                    "-n",
                    "-M",
                    "do",
                    "-s",
                    "1392",
                    "-c",
                    "1",
                    "-W",
                    "5",
                    members[2].address
                )
                #expect(full.status == 0, "\(full.output)")
                let body = String(repeating: "0123456789abcde\n", count: 65_536)
                for (from, to) in [(members[1], members[2]), (members[2], members[0])] {
                    let url = try await field.world.serveWeb(body, on: to)
                    #expect(try from.host.fetch(url) == body)
                }

                try field.world.require("gateway", "delete", gateways[2].id, "--yes")
                let isGone = try await eventually {
                    try members[1].host.ping(members[2].address, timeout: 0.3) == nil
                }
                #expect(isGone, "a region that is deleted is not reached any more")
                #expect(try await field.states() == [["far", "local"]: "up"])
                try Self.expectReach(Array(members.prefix(2)))
            }
        }

        @Test("two networks with equal addresses cross the same nodes, and neither sees the other")
        func equalBlocks() async throws {
            try await Self.run { field in
                let one = try await field.addNetwork("one")
                let two = try await field.addNetwork("two")
                #expect(one.map(\.address) == two.map(\.address))
                #expect(try await field.areUp(6))
                for (text, members) in [("network one", one), ("network two", two)] {
                    let url = try await field.world.serveWeb(text, on: members[2])
                    for member in members.prefix(2) {
                        #expect(try member.host.fetch(url) == text)
                    }
                }
            }
        }

        @Test(
            "packets go around a dead link and come back, and a transfer that runs survives both"
        )
        func detour() async throws {
            try await Self.run { field in
                let members = try await field.addNetwork("all")
                #expect(try await field.areUp(3))
                let (b, c) = (members[1], members[2])
                #expect(try b.host.ping(c.address) != nil)
                let body = String(repeating: "0123456789abcde\n", count: 262_144)
                let url = try await field.world.serveWeb(body, on: c)
                let transfer = try field.world.background(
                    ["curl", "--silent", "--fail", "--limit-rate", "160k", url],
                    on: b.host,
                    name: "transfer"
                )

                try field.ways.cut(Self.addresses[1], Self.addresses[2])
                let start = ContinuousClock.now
                let isAround = try await eventually {
                    try b.host.ping(c.address, timeout: 0.3) != nil
                }
                print("link: around a dead link after \((.now - start).milliseconds)")
                #expect(isAround)
                #expect(try b.host.traceroute(c.address).count == 4, "over a third gateway")
                let isTold = try await eventually {
                    try await field.states()[["far", "farther"]] == "detour"
                }
                #expect(isTold)

                try field.ways.mend()
                let healed = ContinuousClock.now
                #expect(try await field.areUp(3))
                print("link: back after \((.now - healed).milliseconds)")
                #expect(try b.host.traceroute(c.address).count == 3, "back on the direct link")
                #expect(try await transfer.waitForExit() == 0)
                #expect(transfer.output == body)
                let events = try field.world.wgw("event", "list", "-o", "json").output
                #expect(events.contains("backbone_link.updated"))
            }
        }

        @Test("peers are told of a region that no link reaches, and reach it again later")
        func unreachable() async throws {
            try await Self.run { field in
                let members = try await field.addNetwork("all")
                #expect(try await field.areUp(3))
                field.machines[1].kill()
                let isTold = try await eventually {
                    let ping = try members[1].host.attempt(
                        "ping",
                        "-n",
                        "-c",
                        "1",
                        "-W",
                        "0.5",
                        members[2].address
                    )
                    return ping.output.contains("Unreachable")
                        || ping.output.contains("filtered")
                }
                #expect(isTold, "the gateway answers that it has no way")
                let isShown = try await eventually {
                    try await field.states()[["far", "farther"]] == "down"
                }
                #expect(isShown)
                #expect(try members[0].host.ping(members[1].address) != nil, "the others go on")
                try await field.machines[1].start()
                #expect(try await field.areUp(3))
                try Self.expectReach(members)
            }
        }

        @Test("links outlive the server, and a node that starts again without it has its links")
        func withoutServer() async throws {
            try await Self.run { field in
                let members = try await field.addNetwork("all")
                #expect(try await field.areUp(3))
                #expect(try members[1].host.ping(members[2].address) != nil)
                // The second after which what the nodes were told is on their disks.
                try await Task.sleep(for: .seconds(2))
                field.world.server.kill()
                #expect(try members[1].host.ping(members[2].address) != nil)
                field.machines[1].kill()
                try await field.machines[1].start()
                #expect(try members[1].host.ping(members[2].address) != nil)
                #expect(try members[2].host.ping(members[1].address) != nil)
                try await field.world.server.start()
                #expect(try await field.areUp(3))
                try Self.expectReach(members)
            }
        }
    }
}
