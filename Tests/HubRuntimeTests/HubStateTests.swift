import DataPlaneTestSupport
import NetAddress
import Testing
import WireGuardCrypto

@testable import DataPlane
@testable import HubRuntime
@testable import WireGuardEngine

final class HubStateTests {
    private var state = HubState()
    private var workers = NotedWorkers()
    private var now = WallTime(nanoseconds: 1_000_000_000_000_000)

    private static let alice = "[Peer]\nPublicKey = \(Keys.alice)\nAllowedIPs = 10.0.0.2/32\n"
    private static let bob = "[Peer]\nPublicKey = \(Keys.bob)\nAllowedIPs = 10.0.0.3/32\n"
    private static let carol = "[Peer]\nPublicKey = \(Keys.carol)\nAllowedIPs = 10.0.0.4/32\n"

    @Test("the first config file of a hub opens a gateway and installs its peers")
    func first() async throws {
        let plan = try await take(Self.alice + Self.bob)
        #expect(
            plan == [
                "open 0.1 port 51820", "install 0.1 on 0", "install 1.1 on 0", "publish to [0]",
            ]
        )
    }

    @Test("a config file that says the same in another way changes nothing of the hub")
    func same() async throws {
        _ = try await take(Self.alice + Self.bob)
        #expect(try await take("# new\n" + Self.alice + "\n\n" + Self.bob) == [])
    }

    @Test("a peer added to the config file touches no other peer of the hub")
    func added() async throws {
        _ = try await take(Self.alice + Self.bob)
        #expect(
            try await take(Self.alice + Self.carol + Self.bob) == [
                "install 2.1 on 0", "publish to [0]", "1 0 0",
            ]
        )
    }

    @Test("a peer missing from the config file is removed, and its handle is no other peer's")
    func removed() async throws {
        _ = try await take(Self.alice + Self.bob)
        #expect(try await take(Self.bob) == ["remove 0.1", "publish to [0]", "0 1 0"])
        #expect(
            try await take(Self.carol + Self.bob) == [
                "install 0.2 on 0", "publish to [0]", "1 0 0",
            ]
        )
    }

    @Test("a hub that replaces a peer removes the old one first")
    func replaced() async throws {
        _ = try await take(Self.alice + Self.bob)
        #expect(
            try await take(Self.alice + Self.carol) == [
                "remove 1.1", "install 2.1 on 0", "publish to [0]", "1 1 0",
            ]
        )
    }

    @Test(
        "a hub changes of a peer what the config file changes, and nothing else",
        arguments: [
            ("PresharedKey = \(Keys.shared)\n", ["install 0.1 on 0", "0 0 1"]),
            ("PersistentKeepalive = 25\n", ["install 0.1 on 0", "0 0 1"]),
            ("Endpoint = 192.0.2.1:51820\n", ["relocate 0.1 192.0.2.1:51820", "0 0 1"]),
            ("Endpoint = alice.example.net:7\n", []),
            ("Endpoint = 192.0.2.1:0\n", []),
            ("AllowedIPs = 10.9.0.0/16\n", ["publish to [0]", "0 0 1"]),
        ]
    )
    func changed(line: String, plan: [String]) async throws {
        _ = try await take(Self.alice + Self.bob)
        #expect(try await take(Self.alice + line + Self.bob) == plan)
    }

    @Test("a peer whose endpoint the config file no longer names stays where it was heard")
    func forgottenEndpoint() async throws {
        _ = try await take(Self.alice + "Endpoint = 192.0.2.1:51820\n")
        #expect(try await take(Self.alice) == [])
    }

    @Test("a prefix that the config file moves to another peer is published by the hub")
    func movedPrefix() async throws {
        _ = try await take(Self.alice + "AllowedIPs = 10.9.0.0/16\n" + Self.bob)
        let next = Self.alice + Self.bob + "AllowedIPs = 10.9.0.0/16\n"
        #expect(try await take(next).contains("publish to [0]"))
    }

    @Test("another key or port in the config file opens another gateway, with all peers")
    func reopened() async throws {
        _ = try await take(Self.alice)
        #expect(
            try await take(Self.alice, port: 51821)
                == ["open 1.1 port 51821", "close 0.1", "install 0.2 on 1", "publish to [1]"]
        )
        #expect(
            try await take(Self.alice, port: 51821, key: Keys.otherHub)
                == ["close 1.1", "open 1.2 port 51821", "install 0.3 on 1", "publish to [1]"]
        )
    }

    @Test(
        "another MTU or address in the config file changes the hub's gateway in place, and no peer"
    )
    func reconfigured() async throws {
        _ = try await take(Self.alice)
        #expect(
            try await take(Self.alice, interface: "MTU = 1280\n")
                == ["reconfigure 10.0.0.1 mtu 1280", "interface"]
        )
        #expect(
            try await take(Self.alice, address: "10.0.0.9/24", interface: "MTU = 1280\n")
                == ["reconfigure 10.0.0.9 mtu 1280", "publish to [0]", "interface"]
        )
        #expect(
            try await take(Self.alice, address: "10.0.0.9/24", interface: "MTU=1280\n") == []
        )
    }

    @Test("a config file without a port, or with the hub's port, leaves the gateway as it is")
    func samePort() async throws {
        #expect(try await take(Self.alice, port: 0).first == "open 0.1 port 0")
        #expect(try await take(Self.alice, port: 40_001) == [])
        #expect(try await take(Self.alice, port: 0) == [])
        #expect(
            try await take(Self.alice, port: 0, key: Keys.otherHub)
                == ["close 0.1", "open 0.2 port 40001", "install 0.2 on 0", "publish to [0]"]
        )
    }

    @Test(
        "a hub whose gateway is opened anew calls peers that it heard lately where they were"
    )
    func called() async throws {
        _ = try await take(Self.alice + Self.bob + Self.carol)
        try hear(0, at: "198.51.100.7:7", secondsAgo: 30)
        try hear(2, at: "198.51.100.9:9", secondsAgo: 601)
        #expect(
            try await take(Self.alice + Self.bob + Self.carol, port: 51821) == [
                "open 1.1 port 51821", "close 0.1", "install 0.2 on 1 at 198.51.100.7:7",
                "install 1.2 on 1", "install 2.2 on 1 at 198.51.100.9:9", "publish to [1]",
                "call \(Keys.alice)",
            ]
        )
        #expect(state.recentPeers(at: now).map(\.publicKey.base64) == [Keys.alice])
    }

    @Test("an endpoint that is new in the config file counts more than where the peer was heard")
    func calledElsewhere() async throws {
        _ = try await take(Self.alice + Self.bob + "Endpoint = 192.0.2.2:2\n")
        try hear(0, at: "198.51.100.7:7", secondsAgo: 30)
        try hear(1, at: "198.51.100.8:8", secondsAgo: 30)
        let next = Self.alice + "Endpoint = 192.0.2.1:1\n" + Self.bob + "Endpoint = 192.0.2.2:2\n"
        #expect(
            try await take(next, port: 51821) == [
                "open 1.1 port 51821", "close 0.1", "install 0.2 on 1 at 192.0.2.1:1",
                "install 1.2 on 1 at 198.51.100.8:8", "publish to [1]", "call \(Keys.bob)",
            ]
        )
    }

    @Test("a hub that starts again calls the peers that it heard lately, and no others")
    func remembering() async throws {
        _ = try await take(Self.alice + Self.bob + Self.carol)
        try hear(0, at: "198.51.100.7:7", secondsAgo: 30)
        try hear(1, at: "198.51.100.8:8", secondsAgo: 30)
        try hear(2, at: "198.51.100.9:9", secondsAgo: 30)
        let text = RememberedPeersFile.text(of: state.recentPeers(at: now))

        restart(remembering: try #require(RememberedPeersFile.peers(in: text)))
        let plan = try await take(Self.alice + Self.bob + "Endpoint = 192.0.2.2:2\n")
        #expect(
            plan == [
                "open 0.1 port 51820", "install 0.1 on 0 at 198.51.100.7:7",
                "install 1.1 on 0 at 192.0.2.2:2",
                "publish to [0]", "call \(Keys.alice)",
            ]
        )
        #expect(state.recentPeers(at: now).map(\.publicKey.base64) == [Keys.alice])
    }

    @Test(
        "a peer with an endpoint name is installed without an address, and moved where it is found"
    )
    func named() async throws {
        let peers =
            Self.alice + "Endpoint = a.example.net:7\n" + Self.bob + Self.carol
            + "Endpoint = a.example.net:9\n"
        #expect(
            try await take(peers)
                == [
                    "open 0.1 port 51820", "install 0.1 on 0", "install 1.1 on 0",
                    "install 2.1 on 0", "publish to [0]",
                ]
        )
        #expect(state.endpointNames == ["a.example.net"])
        #expect(state.line(of: "a.example.net") == 5)
        #expect(
            locate("a.example.net", at: "192.0.2.7")
                == ["\(Keys.alice) at 192.0.2.7:7", "\(Keys.carol) at 192.0.2.7:9"]
        )
        #expect(locate("b.example.net", at: "192.0.2.7").isEmpty)
    }

    @Test(
        "an endpoint name that is found elsewhere moves its peers, and one that did not move does not"
    )
    func movedName() async throws {
        _ = try await take(Self.alice + "Endpoint = a.example.net:7\n")
        _ = locate("a.example.net", at: "192.0.2.7")
        #expect(try await take(Self.alice + "Endpoint = a.example.net:7\n") == [])
        #expect(locate("a.example.net", at: "192.0.2.7").isEmpty)
        try hear(0, at: "198.51.100.7:7", secondsAgo: 30)
        #expect(locate("a.example.net", at: "192.0.2.7").isEmpty, "the peer itself has roamed")
        #expect(locate("a.example.net", at: "192.0.2.8") == ["\(Keys.alice) at 192.0.2.8:7"])
    }

    @Test("a peer that was not heard for long goes back to where its endpoint name is found")
    func lostPeer() async throws {
        _ = try await take(Self.alice + "Endpoint = a.example.net:7\n")
        _ = locate("a.example.net", at: "192.0.2.7")
        try hear(0, at: "198.51.100.7:7", secondsAgo: 181)
        #expect(locate("a.example.net", at: "192.0.2.7") == ["\(Keys.alice) at 192.0.2.7:7"])
    }

    @Test(
        "an endpoint name that is new for a peer moves it, even to where another name put it before"
    )
    func otherName() async throws {
        _ = try await take(Self.alice + "Endpoint = a.example.net:7\n")
        _ = locate("a.example.net", at: "192.0.2.7")
        try hear(0, at: "198.51.100.7:7", secondsAgo: 30)
        #expect(try await take(Self.alice + "Endpoint = b.example.net:7\n") == [])
        #expect(locate("b.example.net", at: "192.0.2.7") == ["\(Keys.alice) at 192.0.2.7:7"])
    }

    @Test(
        "a peer that was never heard is put to its endpoint name again when the gateway is replaced"
    )
    func namedPeerOfAnotherGateway() async throws {
        let peers = Self.alice + "Endpoint = a.example.net:7\n"
        _ = try await take(peers)
        _ = locate("a.example.net", at: "192.0.2.7")
        #expect(
            try await take(peers, port: 51821)
                == ["open 1.1 port 51821", "close 0.1", "install 0.2 on 1", "publish to [1]"]
        )
        #expect(locate("a.example.net", at: "192.0.2.7") == ["\(Keys.alice) at 192.0.2.7:7"])
        #expect(locate("a.example.net", at: "192.0.2.7").isEmpty)
    }

    @Test(
        "a peer with an endpoint name that roamed stays where it was heard when the gateway is replaced"
    )
    func roamedPeerOfAnotherGateway() async throws {
        let peers = Self.alice + "Endpoint = a.example.net:7\n"
        _ = try await take(peers)
        _ = locate("a.example.net", at: "192.0.2.7")
        try hear(0, at: "198.51.100.7:7", secondsAgo: 30)
        #expect(try await take(peers, port: 51821).contains("install 0.2 on 1 at 198.51.100.7:7"))
        #expect(locate("a.example.net", at: "192.0.2.7").isEmpty)
    }

    @Test(
        "after a start, the config file's endpoint counts more than where a peer was heard long ago"
    )
    func rememberedTooLong() async throws {
        let peers = Self.alice + "Endpoint = 192.0.2.1:1\n" + Self.bob + "Endpoint = 192.0.2.2:2\n"
        _ = try await take(peers)
        try hear(0, at: "198.51.100.7:7", secondsAgo: 0)
        try hear(1, at: "198.51.100.8:8", secondsAgo: 0)
        let remembered = state.recentPeers(at: now)
        now = WallTime(nanoseconds: now.nanoseconds + 601 * 1_000_000_000)

        restart(remembering: remembered)
        #expect(
            try await take(peers) == [
                "open 0.1 port 51820", "install 0.1 on 0 at 192.0.2.1:1",
                "install 1.1 on 0 at 192.0.2.2:2",
                "publish to [0]",
            ]
        )
    }

    @Test(
        "after a start, a peer with an endpoint name stays where it was called until its name moves"
    )
    func rememberedNamedPeer() async throws {
        let peers = Self.alice + "Endpoint = a.example.net:7\n"
        _ = try await take(peers)
        try hear(0, at: "198.51.100.7:7", secondsAgo: 30)

        restart(remembering: state.recentPeers(at: now))
        #expect(try await take(peers).last == "call \(Keys.alice)")
        #expect(locate("a.example.net", at: "192.0.2.7").isEmpty)
        #expect(locate("a.example.net", at: "192.0.2.8") == ["\(Keys.alice) at 192.0.2.8:7"])
    }

    private func hear(_ slot: UInt32, at endpoint: String, secondsAgo seconds: UInt64) throws {
        let handle = PeerHandle(slot: slot, generation: 1)
        let report = ActivityReport(
            peer: handle,
            endpoint: Endpoint(endpoint),
            lastSeen: WallTime(nanoseconds: now.nanoseconds - seconds * 1_000_000_000),
            latestHandshake: nil,
            receivedBytes: 0,
            receivedPackets: 0,
            sentBytes: 0,
            sentPackets: 0,
            answeredEchoes: 0,
            egress: nil,
            probes: nil,
            newTrouble: nil
        )
        let peer = try #require(workers.peer(of: handle))
        var whole = DataPlaneReport()
        whole.peers = [.init(id: peer.id, gatewayID: peer.gatewayID, activity: report)]
        state.hear(whole)
    }

    /// The hub starts again, on workers that carry nothing yet.
    private func restart(remembering peers: [RememberedPeer]) {
        state = HubState(remembering: peers)
        workers = NotedWorkers()
    }

    private func locate(_ name: String, at address: String) -> [String] {
        guard let found = IPAddress(address) else { return ["\(address) is no address"] }
        return state.locate(name, at: Endpoint(address: found, port: 0), now: now).map {
            "\($0.id.withBytes { PublicKey($0) }.base64) at \($0.endpoint)"
        }
    }

    /// What is done, a word or two for each step.
    private func take(
        _ peers: String,
        port: Int = 51820,
        key: String = Keys.hub,
        address: String = "10.0.0.1/24",
        interface rest: String = ""
    ) async throws -> [String] {
        let interface = """
            [Interface]
            PrivateKey = \(key)
            ListenPort = \(port)
            Address = \(address)

            """
        let configuration = try HubConfiguration(parsing: Array((interface + rest + peers).utf8))
        let isStart = state.port == 0
        let outcome = await workers.reconcile(
            to: state.desired(by: configuration, at: now),
            at: now
        )
        let port = outcome.opened[HubState.gatewayID]
        state.adopt(configuration, reopenedOn: port, at: now)
        let calls = outcome.recentPeers.map { "call \($0.withBytes { PublicKey($0) }.base64)" }
        let counts = outcome.differences
        let (added, removed, changed) = (
            counts.peersAdded, counts.peersRemoved, counts.peersChanged
        )
        return workers.takeWords() + calls
            + (isStart || port != nil || added + removed + changed == 0
                ? [] : ["\(added) \(removed) \(changed)"])
            + (counts.gatewaysChanged > 0 ? ["interface"] : [])
    }
}
