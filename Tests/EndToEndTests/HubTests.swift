import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    struct HubTests {
        private let a = Result { try HubPeer("a", number: 2) }
        private let b = Result { try HubPeer("b", number: 3) }
        private let c = Result { try HubPeer("c", number: 4) }

        @Test(
            "two stock clients reach each other through a hub from a config file, one hop away",
            arguments: World.workerCounts
        )
        func reach(workers: Int) async throws {
            let (a, b) = (try a.get(), try b.get())
            try await HubWorld.run(workers: workers, peers: [a, b]) { world in
                let (clientA, clientB) = (try await world.connect(a), try await world.connect(b))
                #expect(try clientB.host.ping("10.77.0.1") != nil, "the hub has heard B")
                #expect(try clientA.host.ping(b.address)?.ttl == 63)
                #expect(try clientB.host.ping(a.address)?.ttl == 63)
            }
        }

        @Test(
            "SIGHUP adds one peer to a hub and removes another, and the other sessions go on",
            arguments: World.workerCounts
        )
        func reload(workers: Int) async throws {
            let (a, b, c) = (try a.get(), try b.get(), try c.get())
            try await HubWorld.run(workers: workers, peers: [a, b]) { world in
                let clientA = try await world.connect(a)
                let clientB = try await world.connect(b)
                let clientC = try await world.connect(c)
                #expect(try clientA.host.ping("10.77.0.1") != nil)
                #expect(try clientB.host.ping("10.77.0.1") != nil)
                #expect(try clientC.host.ping("10.77.0.1", timeout: 1) == nil, "nobody knows C")
                let handshake = try clientA.latestHandshake()

                try await world.reload(peers: [a, c])

                #expect(world.log.contains("added=1 changed=0 removed=1"), "\(world.log)")
                try clientC.forgetSessions()
                #expect(try clientC.host.ping("10.77.0.1") != nil)
                #expect(try clientC.host.ping(a.address)?.ttl == 63)
                #expect(try clientB.host.ping("10.77.0.1", timeout: 1) == nil, "B is gone")
                #expect(try clientA.host.ping(c.address)?.ttl == 63)
                #expect(try clientA.latestHandshake() == handshake, "A's session went on")
            }
        }

        @Test(
            "SIGHUP with a broken config file changes nothing and says where the mistake is",
            arguments: World.workerCounts
        )
        func brokenFile(workers: Int) async throws {
            let (a, b) = (try a.get(), try b.get())
            try await HubWorld.run(workers: workers, peers: [a, b]) { world in
                let (clientA, clientB) = (try await world.connect(a), try await world.connect(b))
                #expect(try clientB.host.ping("10.77.0.1") != nil)
                #expect(try clientA.host.ping(b.address) != nil)
                let handshake = try clientA.latestHandshake()

                try await world.reload(peers: [a], andBehindThem: "AllowedIPs = 10.0.0.0/40\n")

                #expect(world.log.contains("config file not taken, nothing changed"))
                #expect(world.log.contains("\(world.name).conf:8: AllowedIPs: expected"))
                #expect(try clientA.host.ping(b.address) != nil, "B is still there")
                #expect(try clientA.latestHandshake() == handshake)
            }
        }

        @Test(
            "SIGHUP with another MTU leaves all sessions of a hub as they are",
            arguments: World.workerCounts
        )
        func anotherMTU(workers: Int) async throws {
            let (a, b) = (try a.get(), try b.get())
            try await HubWorld.run(workers: workers, peers: [a, b]) { world in
                let (clientA, clientB) = (try await world.connect(a), try await world.connect(b))
                #expect(try clientA.host.ping("10.77.0.1") != nil)
                #expect(try clientB.host.ping("10.77.0.1") != nil)
                let handshake = try clientA.latestHandshake()

                try await world.reload(peers: [a, b], interface: "MTU = 1280\n")

                #expect(world.log.contains("interface=changed"), "\(world.log)")
                #expect(try clientA.host.ping(b.address) != nil, "the first packet gets through")
                let refusal = try clientA.host.attempt(
                    "ping",
                    "-n",
                    "-c",
                    "1",
                    "-M",
                    "do",
                    "-s",
                    "1260",
                    "-W",
                    "2",
                    b.address
                )
                #expect(refusal.output.contains("mtu = 1280"), "\(refusal.output)")
                #expect(try clientA.latestHandshake() == handshake)
            }
        }

        @Test(
            "a hub whose port SIGHUP moved calls its peers, and their traffic goes on",
            arguments: World.workerCounts
        )
        func anotherPort(workers: Int) async throws {
            let (a, b) = (try a.get(), try b.get())
            try await HubWorld.run(workers: workers, peers: [a, b]) { world in
                let clientA = try await world.connect(a)
                #expect(try clientA.host.ping("10.77.0.1") != nil)

                let port = HubWorld.port + 1
                try await world.reload(peers: [a, b], port: port)

                // By itself the client would go on sending to the port that it knows.
                let hasMoved = try await eventually {
                    try clientA.endpoint()?.hasSuffix(":\(port)") == true
                }
                #expect(hasMoved, "\(world.log)")
                #expect(try clientA.host.ping("10.77.0.1") != nil)
            }
        }

        @Test(
            "after kill -9 and start the hub calls the peers that it heard lately",
            arguments: World.workerCounts
        )
        func killedHubComesBack(workers: Int) async throws {
            let (a, b) = (try a.get(), try b.get())
            try await HubWorld.run(workers: workers, peers: [a, b]) { world in
                let clientA = try await world.connect(a)
                #expect(try clientA.host.ping("10.77.0.1") != nil)
                let isRemembered = try await eventually {
                    world.remembered.contains("\(a.publicKey) \(clientA.link.address):")
                }
                #expect(isRemembered, "\(world.remembered)")

                #expect(!clientA.wasCalled, "so far the client was the caller")

                try await world.killAndStart()

                let isCalled = try await eventually { clientA.wasCalled }
                #expect(isCalled, "\(world.log)")
                #expect(try clientA.host.ping("10.77.0.1") != nil, "the first packet gets through")
            }
        }

        @Test(
            "a hub starts with an endpoint name that is not known, and looks it up at each SIGHUP"
        )
        func names() async throws {
            let a = try a.get()
            var b = try b.get()
            b.endpoint = "b.wgw.test:4000"
            // Nothing listens there: every question fails at once.
            let resolver = "nameserver 127.0.0.1\n"
            try await HubWorld.run(workers: 1, peers: [a, b], resolver: resolver) { world in
                let clientA = try await world.connect(a)
                #expect(try clientA.host.ping("10.77.0.1") != nil)
                let isSaid = try await eventually {
                    world.log.contains("endpoint name not found")
                }
                #expect(isSaid, "\(world.log)")
                #expect(world.log.contains("\(world.name).conf:8 name=b.wgw.test"), "\(world.log)")
                #expect(try world.show("endpoints").contains("\(b.publicKey)\t(none)\n"))
                let handshake = try clientA.latestHandshake()

                for address in ["192.0.2.7", "192.0.2.8"] {
                    try world.names?.set("\(address) b.wgw.test\n")
                    try await world.reload(peers: [a, b])
                    let isThere = try await eventually {
                        try world.show("endpoints").contains("\(b.publicKey)\t\(address):4000\n")
                    }
                    #expect(isThere, "\(world.log)")
                }
                #expect(try clientA.latestHandshake() == handshake)
            }
        }

        @Test("a hub finds an endpoint name that was not known at its start later without SIGHUP")
        func laterName() async throws {
            var b = try b.get()
            b.endpoint = "b.wgw.test:4000"
            let resolver = "nameserver 127.0.0.1\n"
            try await HubWorld.run(workers: 1, peers: [b], resolver: resolver) { world in
                _ = try await eventually {
                    world.log.contains("endpoint name not found")
                }
                try world.names?.set("192.0.2.7 b.wgw.test\n")
                let isThere = try await eventually {
                    try world.show("endpoints").contains("\(b.publicKey)\t192.0.2.7:4000\n")
                }
                #expect(isThere, "\(world.log)")
            }
        }

        @Test("a hub hears SIGHUP and SIGTERM while a name server does not answer")
        func silentNameServer() async throws {
            var b = try b.get()
            b.endpoint = "b.wgw.test:4000"
            // Nothing answers there, and nothing says that it does not.
            let resolver = "nameserver 203.0.113.5\noptions timeout:30 attempts:5\n"
            try await HubWorld.run(workers: 1, peers: [b], resolver: resolver) { world in
                try await world.reload(peers: [b])
                #expect(world.log.contains("nothing changed"), "\(world.log)")
                // The world's end expects that SIGTERM ends the hub by itself.
            }
        }

        @Test(
            "wgw show prints of a peer what wg show prints at the other end",
            arguments: World.workerCounts
        )
        func show(workers: Int) async throws {
            let (a, b) = (try a.get(), try b.get())
            try await HubWorld.run(workers: workers, peers: [a, b]) { world in
                let start = Int(Date().timeIntervalSince1970)
                let client = try await world.connect(a)
                for _ in 0..<3 { #expect(try client.host.ping("10.77.0.1") != nil) }
                var (here, there): ([[String]], [[String]]) = ([], [])
                // A keepalive may pass between the two looks: received is sent, when it is quiet.
                let isSame = try await eventually {
                    there = Self.table(try client.host.run("wg", "show", client.device, "dump"))
                    here = Self.table(try world.show("dump"))
                    try #require(here.map(\.count) == [4, 8, 8] && there.map(\.count) == [4, 8])
                    let peer = here.first { $0[0] == a.publicKey }
                    return peer?[5] == there[1][6] && peer?[6] == there[1][5]
                }
                #expect(isSame, "\(here) and \(there)")
                #expect(here[0][1] == there[1][0], "the hub's key")
                #expect(here[0][2] == "51820")
                let peer = try #require(here.first { $0[0] == a.publicKey })
                #expect(peer[2] == "\(client.link.address):\(there[0][2])", "where it was heard")
                #expect(peer[3] == "\(a.address)/32")
                let times = try [peer, there[1]].map { try #require(Int($0[4])) }
                let now = Int(Date().timeIntervalSince1970)
                #expect(times.allSatisfy { (start...now).contains($0) }, "the handshake")
                let other = try #require(here.first { $0[0] == b.publicKey })
                #expect(
                    other[1...].map { $0 } == [
                        "(none)", "(none)", "\(b.address)/32", "0", "0", "0", "off",
                    ]
                )

                let page = try world.show()
                #expect(page.hasPrefix("interface: \(world.name)\n  public key: \(there[1][0])\n"))
                #expect(page.contains("\n\npeer: \(a.publicKey)\n  endpoint: "))
                #expect(page.contains("\n  latest handshake: "))
            }
        }

        private static func table(_ dump: String) -> [[String]] {
            dump.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
        }
    }
}
