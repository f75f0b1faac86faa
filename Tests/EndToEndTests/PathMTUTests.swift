import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    /// Clients whose devices take larger packets than the hub, on stock stacks.
    struct PathMTUTests {
        private let a = Result { try HubPeer("a", number: 2) }
        private let b = Result { try HubPeer("b", number: 3) }

        /// With an address of the hub's own, and without.
        private static let addresses = ["10.77.0.1/24", nil]

        @Test(
            "a TCP connection's segments fit the hub's MTU at both ends before any was too large",
            arguments: addresses
        )
        func segmentSize(address: String?) async throws {
            let (a, b) = (try a.get(), try b.get())
            try await HubWorld.run(workers: 1, address: address, peers: [a, b]) { world in
                let clientA = try await world.connect(a, mtu: 1500)
                let clientB = try await world.connect(b, mtu: 1500)
                try await reach(clientB, from: clientA)
                let (listener, caller) = try await world.holdConnection(from: clientA, to: clientB)
                defer { [listener, caller].forEach { $0.kill() } }

                for client in [clientA, clientB] {
                    // Without the 12 bytes of time stamps in every segment.
                    #expect(try await client.host.segmentSize(port: 8001) == 1380 - 12)
                }
            }
        }

        @Test("megabytes over TCP through a hub arrive in both directions", arguments: addresses)
        func transfer(address: String?) async throws {
            let (a, b) = (try a.get(), try b.get())
            try await HubWorld.run(workers: 1, address: address, peers: [a, b]) { world in
                let clientA = try await world.connect(a, mtu: 1500)
                let clientB = try await world.connect(b, mtu: 1500)
                try await reach(clientB, from: clientA)
                for (from, to) in [(clientA, clientB), (clientB, clientA)] {
                    let count = try await world.send(megabytes: 2, from: from, to: to)
                    #expect(count == 2 << 20)
                }
            }
        }

        @Test(
            "a packet that is too big for the hub is answered with the hub's MTU",
            arguments: addresses
        )
        func tooBig(address: String?) async throws {
            let (a, b) = (try a.get(), try b.get())
            try await HubWorld.run(workers: 1, address: address, peers: [a, b]) { world in
                let clientA = try await world.connect(a, mtu: 1500)
                let clientB = try await world.connect(b, mtu: 1500)
                try await reach(clientB, from: clientA)
                let said = try clientA.host.attempt(
                    "ping",
                    "-n",
                    "-M",
                    "do",
                    "-c",
                    "1",
                    "-W",
                    "5",
                    "-s",
                    "1450",
                    b.address
                ).output
                #expect(said.contains(/[Ff]rag needed and DF set \(mtu = 1420\)/), "\(said)")
            }
        }

        private func reach(_ other: WireGuardClient, from client: WireGuardClient) async throws {
            let isThere = try await eventually {
                try client.host.ping(other.address) != nil
            }
            #expect(isThere)
        }
    }
}

extension HubWorld {
    /// A TCP connection that stays open, as both its ends.
    fileprivate func holdConnection(
        from client: WireGuardClient,
        to server: WireGuardClient
    ) async throws -> (listener: BackgroundProcess, caller: BackgroundProcess) {
        let listener = try run(
            "busybox nc -l -p 8001 -e busybox sleep 600",
            on: server,
            name: "listener"
        )
        try await server.host.waitForListener(port: 8001)
        let caller = try run(
            "busybox sleep 600 | busybox nc \(server.address) 8001",
            on: client,
            name: "caller"
        )
        return (listener, caller)
    }

    /// How many bytes arrived, as the receiving end says when the sender has closed its own.
    fileprivate func send(
        megabytes: Int,
        from client: WireGuardClient,
        to server: WireGuardClient
    ) async throws -> Int {
        let listener = try run("busybox nc -l -p 8002 -e wc -c", on: server, name: "receiver")
        defer { listener.kill() }
        try await server.host.waitForListener(port: 8002)
        let caller = try run(
            "head -c \(megabytes << 20) /dev/urandom | busybox nc \(server.address) 8002",
            on: client,
            name: "sender"
        )
        _ = try await caller.waitForExit()
        return Int(caller.output.filter(\.isNumber)) ?? 0
    }
}

extension Namespace {
    fileprivate func waitForListener(port: Int) async throws {
        let isListening = try await eventually {
            try run("ss", "-Hltn", "sport", "=", ":\(port)").contains("LISTEN")
        }
        #expect(isListening)
    }

    /// That of the connection with this port at either end, once it is established.
    fileprivate func segmentSize(port: Int) async throws -> Int? {
        var found: Int?
        _ = try await eventually {
            let text = try run(
                "ss",
                "-Hitn",
                "state",
                "established",
                "( sport = :\(port) or dport = :\(port) )"
            )
            found = text.firstMatch(of: /\bmss:(\d+)/).flatMap { Int($0.1) }
            return found != nil
        }
        return found
    }
}
