import EndToEndSupport
import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    /// Gateways that are carried by another process than the server, with stock clients.
    struct RemoteNodeTests {
        /// Waits until what clients have sent and received, and what the API has counted, come to the same, but for
        /// initiations that came before the node knew the peer, which are no peer's, and messages of handshakes that
        /// either side refused: where both begin one at once, the answer to one of them is not expected any more.
        private static func expectExactCounts(
            of members: [Member],
            at node: RemoteMachine,
            _ world: World,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            var found = ""
            let isExact = try await eventually(every: .milliseconds(200)) {
                var isExact = true
                found = ""
                for member in members {
                    let counted = try await world.api.peer(member.peer.id)
                    let moved = try member.client.transfer()
                    let early = moved.sent - counted.rxBytes
                    let isEarly = (0...node.refusedResponses).contains { refused in
                        let rest = early - refused * WireGuardClient.responseBytes
                        return rest >= 0 && rest.isMultiple(of: WireGuardClient.initiationBytes)
                    }
                    let isSame =
                        isEarly
                        && counted.txBytes - member.client.refusedBytes == moved.received
                    if !isSame { isExact = false }
                    found += " sent \(moved.sent), counted \(counted.rxBytes);"
                    found += " received \(moved.received), counted \(counted.txBytes),"
                    found += " refused \(member.client.refusedBytes);"
                }
                return isExact
            }
            #expect(isExact, "every byte is counted once:\(found)", sourceLocation: sourceLocation)
        }

        @Test(
            "a machine that has joined carries the gateways of its region, and its peers are counted"
        )
        func join() async throws {
            try await RemoteMachine.run { world, node in
                try await node.connectLine()
                try await node.join()
                #expect(try node.state() == "connected")
                let gateway = try await world.addGateway(region: RemoteMachine.region)
                #expect(gateway.endpoint.hasPrefix(Topology.endpointAddress + ":300"))
                let a = try await world.addClient("a", of: gateway)
                let b = try await world.addClient("b", of: gateway)
                #expect(try a.host.ping(b.address) != nil)
                #expect(try b.host.ping(a.address) != nil)
                try await world.waitUntilSeen(a, b)
                try await Self.expectExactCounts(of: [a, b], at: node, world)

                try world.require("peer", "delete", b.peer.id, "--yes")
                let isGone = try await eventually {
                    try a.host.ping(b.address, timeout: 0.2) == nil
                }
                #expect(isGone, "a deleted peer is not carried any more")
                #expect(try await node.stop() == 0, "SIGTERM stops the node cleanly")
                let isAway = try await eventually { try node.state() == "away" }
                #expect(isAway, "the server knows that the node is gone")
            }
        }

        @Test("a node that is killed under traffic carries it again without its server")
        func alone() async throws {
            try await RemoteMachine.runWithPeers { world, node, gateway, a, b in
                try await Self.expectExactCounts(of: [a, b], at: node, world)
                // The second after which what the node was told is on its disk.
                try await Task.sleep(for: .seconds(2))

                world.server.kill()
                let pings = try EndlessPing(from: a, to: b.address, world)
                let isFlowing = try await eventually { pings.received > 5 }
                #expect(isFlowing, "the node goes on without its server")
                node.kill()
                let before = pings.received
                let start = ContinuousClock.now
                try await node.start()
                let isBack = try await eventually { pings.received > before + 1 }
                print("node: traffic goes on \((.now - start).milliseconds) after its start")
                #expect(isBack, "the node carries packets without its server")
                _ = try await pings.stop()
                #expect(try node.isRunning && b.host.ping(a.address) != nil)

                try await world.server.start()
                #expect(try await node.becomes("connected"), "\(node.log)")
                let c = try await world.addClient("c", of: gateway)
                #expect(try c.host.ping(a.address) != nil, "the node knows what is new")
            }
        }

        @Test("what nodes count while their server is away is delivered later, and counted once")
        func spool() async throws {
            try await RemoteMachine.run { world, node in
                try await node.connectLine()
                try await node.join()
                let gateway = try await world.addGateway(region: RemoteMachine.region)
                let a = try await world.addClient("a", of: gateway, keepalive: 0)
                let b = try await world.addClient("b", of: gateway, keepalive: 0)
                // Neither is known to the gateway before it has called.
                for member in [a, b] { #expect(try member.host.ping("172.27.0.1") != nil) }
                #expect(try a.host.ping(b.address) != nil)
                try await world.waitUntilSeen(a, b)
                try await Task.sleep(for: .seconds(2))
                world.server.kill()
                for _ in 0..<2 {
                    #expect(try a.host.ping(b.address, bytes: 1_000) != nil)
                    // No packet is under way, and none is sent by a session that the new process does not have.
                    let before = [a, b].map(\.client.keepalives)
                    #expect(try await node.stop() == 0)
                    try await node.start()
                    let isCalled = try await eventually {
                        zip([a, b], before).allSatisfy { $0.client.keepalives > $1 }
                    }
                    #expect(isCalled, "the node calls the peers that were there")
                    #expect(try a.host.ping(b.address, bytes: 1_000) != nil)
                }
                try await world.server.start()
                #expect(try await node.becomes("connected"), "\(node.log)")
                try await Self.expectExactCounts(of: [a, b], at: node, world)
                // The same again, while the server is killed in the middle of reports.
                for _ in 0..<3 {
                    #expect(try a.host.ping(b.address, bytes: 1_000) != nil)
                    world.server.kill()
                    #expect(try b.host.ping(a.address, bytes: 1_000) != nil)
                    try await world.server.start()
                }
                try await Self.expectExactCounts(of: [a, b], at: node, world)
            }
        }

        @Test("through a line that went dead and is back, changes come once and counters are exact")
        func partition() async throws {
            try await RemoteMachine.runWithPeers { world, node, gateway, a, b in
                node.freezeLine()
                let c = try await world.addClient("c", of: gateway)
                #expect(try a.host.ping(b.address) != nil, "the node goes on")
                #expect(try c.host.ping(a.address, timeout: 0.5) == nil, "the node knows no C")
                node.thawLine()
                let isKnown = try await eventually {
                    try c.host.ping(a.address, timeout: 0.5) != nil
                }
                #expect(isKnown, "the change has arrived")

                node.cutLine()
                #expect(try a.host.ping(b.address) != nil, "the node goes on")
                try await node.connectLine()
                // C has called before the node knew it, which its own counters have and no gateway's.
                try await Self.expectExactCounts(of: [a, b], at: node, world)
            }
        }

        @Test("tokens work once, a data directory has one node, and a stolen credential is refused")
        func refusals() async throws {
            try await RemoteMachine.run { world, node in
                try await node.connectLine()
                try await node.join()
                let gateway = try await world.addGateway(region: RemoteMachine.region)
                let a = try await world.addClient("a", of: gateway)

                let second = node.command(["--join", node.token], data: "-second")
                let again = try Command.run(world.host.command(second))
                #expect(again.status == 4, "\(again.output)")
                #expect(again.output.contains("join token was used already"), "\(again.output)")
                let same = try Command.run(world.host.command(node.command()))
                #expect(same.output.contains("another node runs with"), "\(same.output)")

                try Command.require(
                    "cp",
                    "-r",
                    node.dataDirectory().path,
                    node.dataDirectory("-stolen").path
                )
                let thief = try world.background(
                    node.command(data: "-stolen"),
                    on: world.host,
                    name: "thief"
                )
                defer { thief.kill() }
                let isRefused = try await eventually {
                    thief.errors.contains("Another process is connected as this node")
                }
                #expect(isRefused, "\(thief.errors)")
                let isShown = try await eventually {
                    try world.wgw("node", "get", "far-1", "-o", "json").output
                        .contains(/"second_session_refused_at": ?"2/)
                }
                #expect(isShown, "the server tells of the second session")
                #expect(try node.state() == "connected")
                #expect(try a.host.ping("172.27.0.1") != nil, "the node carries its packets")

                let none = try Command.run(
                    world.host.command(node.command(data: "-empty"))
                )
                #expect(none.output.contains("holds no node yet"), "\(none.output)")
                let odd = try Command.run(
                    world.host.command(node.command(["--join", "token"], data: "-odd"))
                )
                #expect(odd.status == 2, "\(odd.output)")
            }
        }

        @Test("over a line of one kilobit per second and half a second of delay a change arrives")
        func slowLine() async throws {
            try await RemoteMachine.run { world, node in
                try await node.connectLine()
                try await node.join()
                let gateway = try await world.addGateway(region: RemoteMachine.region)
                node.cutLine()
                try await node.connectLine(milliseconds: 500, bitsPerSecond: 1_000)
                let a = try await world.addClient("a", of: gateway)
                let start = ContinuousClock.now
                let isCarried = try await eventually(within: .seconds(240)) {
                    try a.host.ping("172.27.0.1", timeout: 0.5) != nil
                }
                print("node: a peer is carried after \((.now - start).milliseconds) at 1 kbit/s")
                #expect(isCarried)
            }
        }
    }
}
