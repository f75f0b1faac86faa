import EndToEndSupport
import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    /// What goes wrong between a node and its server. The node carries packets all the while.
    struct NodeFaultTests {
        @Test("a node of an older version that is not understood any more is told so")
        func version() async throws {
            try await RemoteMachine.runWithPeers { world, node, _, a, b in
                node.cutLine()
                try await node.connectLine(isOlder: true)
                #expect(try await node.logs("version 0 of the node protocol, and this server 1 to"))
                #expect(try await node.becomes("away"))
                #expect(try a.host.ping(b.address) != nil, "packets are carried")
                node.cutLine()
                try await node.connectLine()
                #expect(try await node.becomes("connected"), "\(node.log)")
            }
        }

        @Test("errors, empty answers and answers that break off delete nothing")
        func nonsense() async throws {
            try await RemoteMachine.runWithPeers { world, node, gateway, a, b in
                let pings = try EndlessPing(from: a, to: b.address, world)
                node.cutLine()
                let liar = try await node.connectLiar(about: gateway)
                let isThrough = try await eventually(within: .seconds(180)) {
                    liar.output.contains("all")
                }
                #expect(isThrough, "\(liar.output) \(node.log)")
                node.cutLine()
                try await node.connectLine()
                #expect(try await node.becomes("connected"), "\(node.log)")
                #expect(try await pings.stop() == 0, "packets are lost")
                let c = try await world.addClient("c", of: gateway)
                #expect(try c.host.ping(a.address) != nil, "the node knows what is new")
            }
        }

        @Test("a server that was restored from an older backup tells its nodes all anew")
        func restore() async throws {
            try await RemoteMachine.runWithPeers { world, node, gateway, a, b in
                let key = try world.write(String(repeating: "k", count: 32), to: "backup-key")
                let file = world.folder.appending(path: "old.backup").path
                let data = world.dataDirectory
                let secret = ["--key-file", key]
                try Command.require(
                    Program.bareCommand + ["backup", file, "--data-dir", data.path] + secret
                )
                let c = try await world.addClient("c", of: gateway)
                #expect(try c.host.ping(a.address) != nil)
                let pings = try EndlessPing(from: a, to: b.address, world)

                world.server.kill()
                try FileManager.default.removeItem(at: data)
                try Command.require(
                    Program.bareCommand + ["restore", file, "--data-dir", data.path] + secret
                )
                try await world.server.start()
                #expect(try await node.becomes("connected"), "\(node.log)")
                let isGone = try await eventually {
                    try c.host.ping(a.address, timeout: 0.2) == nil
                }
                #expect(isGone, "the server that was restored knows no C")
                let d = try await world.addClient("d", of: gateway)
                #expect(try d.host.ping(a.address) != nil, "the node follows the new history")
                #expect(try await pings.stop() == 0, "packets are lost")
            }
        }

        @Test(
            "a node whose clock is a year off is turned away and carries packets, and asks for one credential at most",
            arguments: [ShiftedClock.year, -ShiftedClock.year]
        )
        func clock(secondsAhead: Int) async throws {
            try await RemoteMachine.runWithPeers { world, node, _, a, b in
                #expect(try await node.stop() == 0)
                node.clock = try ShiftedClock(secondsAhead: secondsAhead, in: world.folder)
                try await node.start()
                let isCarrying = try await eventually { try a.host.ping(b.address) != nil }
                #expect(isCarrying, "the node has started with what it was told before")
                let pings = try EndlessPing(from: a, to: b.address, world)
                let word = secondsAhead > 0 ? "ahead of" : "behind"
                #expect(try await node.logs("days \(word) that of the server"))
                #expect(node.log.contains("the server turns this node away"))
                #expect(try await node.becomes("away"))
                let refusals = try await eventually {
                    world.server.requests("/node/v1/feed", status: 422) >= 4
                }
                #expect(refusals, "the node tries again")
                let renewals = world.server.requests("/node/v1/credential", status: 200)
                #expect(renewals == (secondsAhead > 0 ? 1 : 0))
                #expect(try await pings.stop() == 0, "packets are lost")

                #expect(try await node.stop() == 0)
                node.clock = nil
                try await node.start()
                #expect(try await node.becomes("connected"), "\(node.log)")
                let isBack = try await eventually { try a.host.ping(b.address) != nil }
                #expect(isBack, "packets are carried by the right clock")
            }
        }

        @Test("a machine with a copy of a node's files is turned away before it takes any packet")
        func copy() async throws {
            try await RemoteMachine.runWithPeers { world, node, _, a, b in
                let other = try RemoteMachine("far-2", on: world.addHost("other"), of: world)
                try await other.connectLine()
                // What the node was told is on its disk a second later, and where its peers are.
                try await Task.sleep(for: .seconds(3))
                let files = (node.dataDirectory().path, other.dataDirectory().path)
                try Command.require("cp", "-r", files.0, files.1)
                let pings = try EndlessPing(from: a, to: b.address, world)
                try other.launch()
                #expect(try await other.logs("Another process is connected as this node"))
                #expect(try await other.logs("the node carries nothing"))
                let isShown = try await eventually {
                    try world.wgw("status").output.contains("A second process showed")
                }
                #expect(isShown, "the server tells of it")
                let before = pings.received
                let isFlowing = try await eventually { pings.received > before + 20 }
                #expect(isFlowing)
                #expect(try node.state() == "connected")
                #expect(try await pings.stop() == 0, "packets are lost")
                #expect(!a.client.wasCalled && !b.client.wasCalled, "the copy calls no peer")

                // When the node is gone, the copy is let in, and carries what it carried.
                #expect(try await node.stop() == 0)
                let isIn = try await eventually { other.log.contains("calling recent peers") }
                #expect(isIn, "\(other.log)")
            }
        }

        @Test("a node that is killed under traffic is let in again, and carries on")
        func killed() async throws {
            try await RemoteMachine.runWithPeers { world, node, _, a, b in
                // What the node was told is on its disk a second later, and where its peers are.
                try await Task.sleep(for: .seconds(3))
                let pings = try EndlessPing(from: a, to: b.address, world)
                let isFlowing = try await eventually { pings.received > 5 }
                #expect(isFlowing)
                node.kill()
                let before = pings.received
                let start = ContinuousClock.now
                try await node.start()
                let isBack = try await eventually { pings.received > before + 1 }
                print("node: traffic goes on \((.now - start).milliseconds) after its start")
                #expect(isBack, "\(node.log)")
                #expect(try await node.becomes("connected"))
                #expect(try b.host.ping(a.address) != nil)
                _ = try await pings.stop()
            }
        }

        @Test("a node that comes from another address than configs send peers to is remarked")
        func address() async throws {
            try await RemoteMachine.run { world, _ in
                let node = try RemoteMachine("far-2", endpointAddress: "198.51.100.77", of: world)
                try await node.connectLine()
                try await node.join()
                let isShown = try await eventually {
                    try world.wgw("status").output.contains(
                        "to 198.51.100.77, an address that its machine does not have"
                    )
                }
                #expect(isShown, "the server tells of it")
                #expect(try node.state() == "connected", "it may be behind a router")
            }
        }

        @Test("a server that stops tells its nodes so, and does not wait for them")
        func stop() async throws {
            try await RemoteMachine.runWithPeers { world, node, _, a, b in
                let pings = try EndlessPing(from: a, to: b.address, world)
                #expect(try await world.server.stop() == 0)
                #expect(try await node.logs("the server stops (server_stops)"))
                // What is cut off at the end of the patience that a stopping server has, is logged.
                #expect(!world.server.log.contains("CancellationError"), "\(world.server.log)")
                try await world.server.start()
                #expect(try await node.becomes("connected"), "\(node.log)")
                #expect(try await pings.stop() == 0, "packets are lost")
            }
        }
    }
}
