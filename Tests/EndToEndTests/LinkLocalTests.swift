import TestSupport
import Testing

extension ThroughTheGateway {
    struct LinkLocalTests {
        private let a = Result { try HubPeer("a", number: 2) }
        private let b = Result { try HubPeer("b", number: 3) }

        @Test(
            "a hub answers clients of one link-local address on two links, and follows one to a third link",
            arguments: World.workerCounts
        )
        func linkLocal(workers: Int) async throws {
            let (a, b) = (try a.get(), try b.get())
            try await HubWorld.run(workers: workers, peers: [a, b]) { world in
                let clientA = try await world.connect(a, overLinkLocal: true)
                let clientB = try await world.connect(b, overLinkLocal: true)
                #expect(try clientA.host.ping("10.77.0.1") != nil, "A is answered")
                #expect(try clientB.host.ping("10.77.0.1") != nil, "B is answered")
                #expect(try clientA.host.ping(b.address)?.ttl == 63)
                #expect(try endpoint(of: a, world) == "[fe80::2%link1]:\(clientA.port())")
                #expect(try endpoint(of: b, world) == "[fe80::2%link2]:\(clientB.port())")
                let handshake = try clientA.latestHandshake()

                try clientA.link.connectAgain(server: "third", client: "eth1")
                let there = try clientA.link.addLinkLocal(server: "third", client: "eth1")
                try clientA.send(to: "\(there):\(HubWorld.port)")

                #expect(try clientA.host.ping(b.address) != nil, "A goes on over another link")
                #expect(try clientB.host.ping(a.address) != nil, "the hub follows A")
                #expect(try endpoint(of: a, world) == "[fe80::2%third]:\(clientA.port())")
                #expect(try clientA.latestHandshake() == handshake, "A's session went on")
            }
        }

        /// As `wgw show` tells it.
        private func endpoint(of peer: HubPeer, _ world: HubWorld) throws -> String? {
            try world.show("dump").split(separator: "\n")
                .map { $0.split(separator: "\t").map(String.init) }
                .first { $0[0] == peer.publicKey }?[2]
        }
    }
}
