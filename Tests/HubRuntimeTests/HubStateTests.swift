import DataPlane
import NetAddress
import Testing
import WireGuardCrypto

@testable import HubRuntime
@testable import WireGuardEngine

final class HubStateTests {
    private var state = HubState()
    private var now = WallTime(nanoseconds: 1_000_000_000_000_000)

    private static let alice = "[Peer]\nPublicKey = \(Keys.alice)\nAllowedIPs = 10.0.0.2/32\n"
    private static let bob = "[Peer]\nPublicKey = \(Keys.bob)\nAllowedIPs = 10.0.0.3/32\n"
    private static let carol = "[Peer]\nPublicKey = \(Keys.carol)\nAllowedIPs = 10.0.0.4/32\n"

    @Test("the first config file of a hub opens a gateway and installs its peers")
    func first() throws {
        let plan = try take(Self.alice + Self.bob)
        #expect(plan == ["open port 51820", "install 0.1", "install 1.1", "publish"])
    }

    @Test("a config file that says the same in another way changes nothing of the hub")
    func same() throws {
        _ = try take(Self.alice + Self.bob)
        #expect(try take("# new\n" + Self.alice + "\n\n" + Self.bob) == ["nothing"])
    }

    @Test("a peer added to the config file touches no other peer of the hub")
    func added() throws {
        _ = try take(Self.alice + Self.bob)
        #expect(
            try take(Self.alice + Self.carol + Self.bob) == ["install 2.1", "publish", "1 0 0"]
        )
    }

    @Test("a peer missing from the config file is removed, and its handle is no other peer's")
    func removed() throws {
        _ = try take(Self.alice + Self.bob)
        #expect(try take(Self.bob) == ["remove 0.1", "publish", "0 1 0"])
        #expect(try take(Self.carol + Self.bob) == ["install 0.2", "publish", "1 0 0"])
    }

    @Test("a hub that replaces a peer removes the old one first, so that its slot is free")
    func replaced() throws {
        _ = try take(Self.alice + Self.bob)
        #expect(
            try take(Self.alice + Self.carol) == ["remove 1.1", "install 1.2", "publish", "1 1 0"]
        )
    }

    @Test(
        "a hub changes of a peer what the config file changes, and nothing else",
        arguments: [
            ("PresharedKey = \(Keys.shared)\n", ["install 0.1", "0 0 1"]),
            ("PersistentKeepalive = 25\n", ["install 0.1", "0 0 1"]),
            ("Endpoint = 192.0.2.1:51820\n", ["relocate 0.1 192.0.2.1:51820", "0 0 1"]),
            ("Endpoint = alice.example.net:7\n", ["nothing"]),
            ("Endpoint = 192.0.2.1:0\n", ["nothing"]),
            ("AllowedIPs = 10.9.0.0/16\n", ["publish", "0 0 1"]),
        ]
    )
    func changed(line: String, plan: [String]) throws {
        _ = try take(Self.alice + Self.bob)
        #expect(try take(Self.alice + line + Self.bob) == plan)
    }

    @Test("a peer whose endpoint the config file no longer names stays where it was heard")
    func forgottenEndpoint() throws {
        _ = try take(Self.alice + "Endpoint = 192.0.2.1:51820\n")
        #expect(try take(Self.alice) == ["nothing"])
    }

    @Test("a prefix that the config file moves to another peer is published by the hub")
    func movedPrefix() throws {
        _ = try take(Self.alice + "AllowedIPs = 10.9.0.0/16\n" + Self.bob)
        let next = Self.alice + Self.bob + "AllowedIPs = 10.9.0.0/16\n"
        #expect(try take(next).contains("publish"))
    }

    @Test("another key or port in the config file opens another gateway, with all peers")
    func reopened() throws {
        _ = try take(Self.alice)
        #expect(
            try take(Self.alice, port: 51821)
                == ["close 0.1", "open port 51821", "install 0.2", "publish"]
        )
        #expect(
            try take(Self.alice, port: 51821, key: Keys.otherHub)
                == ["close 1.1", "open port 51821", "install 0.3", "publish"]
        )
    }

    @Test(
        "another MTU or address in the config file changes the hub's gateway in place, and no peer"
    )
    func reconfigured() throws {
        _ = try take(Self.alice)
        #expect(
            try take(Self.alice, interface: "MTU = 1280\n")
                == ["reconfigure 10.0.0.1 mtu 1280", "interface"]
        )
        #expect(
            try take(Self.alice, address: "10.0.0.9/24", interface: "MTU = 1280\n")
                == ["reconfigure 10.0.0.9 mtu 1280", "publish", "interface"]
        )
        #expect(
            try take(Self.alice, address: "10.0.0.9/24", interface: "MTU=1280\n") == ["nothing"]
        )
    }

    @Test("a config file without a port, or with the hub's port, leaves the gateway as it is")
    func samePort() throws {
        #expect(try take(Self.alice, port: 0).first == "open port 0")
        state.opened(on: 40_000)
        #expect(try take(Self.alice, port: 40_000) == ["nothing"])
        #expect(try take(Self.alice, port: 0) == ["nothing"])
        #expect(
            try take(Self.alice, port: 0, key: Keys.otherHub)
                == ["close 0.1", "open port 40000", "install 0.2", "publish"]
        )
    }

    @Test(
        "a hub whose gateway is opened anew calls peers that it heard lately where they were"
    )
    func called() throws {
        _ = try take(Self.alice + Self.bob + Self.carol)
        hear(0, at: "198.51.100.7:7", secondsAgo: 30)
        hear(2, at: "198.51.100.9:9", secondsAgo: 601)
        #expect(
            try take(Self.alice + Self.bob + Self.carol, port: 51821) == [
                "close 0.1", "open port 51821", "install 0.2 at 198.51.100.7:7", "install 1.2",
                "install 2.2 at 198.51.100.9:9", "publish", "call 0.2",
            ]
        )
        #expect(state.recentPeers(at: now).map(\.publicKey.base64) == [Keys.alice])
    }

    @Test("an endpoint that is new in the config file counts more than where the peer was heard")
    func calledElsewhere() throws {
        _ = try take(Self.alice + Self.bob + "Endpoint = 192.0.2.2:2\n")
        hear(0, at: "198.51.100.7:7", secondsAgo: 30)
        hear(1, at: "198.51.100.8:8", secondsAgo: 30)
        let next = Self.alice + "Endpoint = 192.0.2.1:1\n" + Self.bob + "Endpoint = 192.0.2.2:2\n"
        #expect(
            try take(next, port: 51821) == [
                "close 0.1", "open port 51821", "install 0.2 at 192.0.2.1:1",
                "install 1.2 at 198.51.100.8:8", "publish", "call 1.2",
            ]
        )
    }

    @Test("a hub that starts again calls the peers that it heard lately, and no others")
    func remembering() throws {
        _ = try take(Self.alice + Self.bob + Self.carol)
        hear(0, at: "198.51.100.7:7", secondsAgo: 30)
        hear(1, at: "198.51.100.8:8", secondsAgo: 30)
        hear(2, at: "198.51.100.9:9", secondsAgo: 30)
        let text = RememberedPeersFile.text(of: state.recentPeers(at: now))

        state = HubState(remembering: try #require(RememberedPeersFile.peers(in: text)))
        let plan = try take(Self.alice + Self.bob + "Endpoint = 192.0.2.2:2\n")
        #expect(
            plan == [
                "open port 51820", "install 0.1 at 198.51.100.7:7", "install 1.1 at 192.0.2.2:2",
                "publish", "call 0.1",
            ]
        )
        #expect(state.recentPeers(at: now).map(\.publicKey.base64) == [Keys.alice])
    }

    @Test(
        "a peer with an endpoint name is installed without an address, and moved where it is found"
    )
    func named() throws {
        let peers =
            Self.alice + "Endpoint = a.example.net:7\n" + Self.bob + Self.carol
            + "Endpoint = a.example.net:9\n"
        #expect(
            try take(peers)
                == ["open port 51820", "install 0.1", "install 1.1", "install 2.1", "publish"]
        )
        #expect(state.endpointNames == ["a.example.net"])
        #expect(state.line(of: "a.example.net") == 5)
        #expect(
            locate("a.example.net", at: "192.0.2.7")
                == ["relocate 0.1 192.0.2.7:7", "relocate 2.1 192.0.2.7:9"]
        )
        #expect(locate("b.example.net", at: "192.0.2.7").isEmpty)
    }

    @Test(
        "an endpoint name that is found elsewhere moves its peers, and one that did not move does not"
    )
    func movedName() throws {
        _ = try take(Self.alice + "Endpoint = a.example.net:7\n")
        _ = locate("a.example.net", at: "192.0.2.7")
        #expect(try take(Self.alice + "Endpoint = a.example.net:7\n") == ["nothing"])
        #expect(locate("a.example.net", at: "192.0.2.7").isEmpty)
        hear(0, at: "198.51.100.7:7", secondsAgo: 30)
        #expect(locate("a.example.net", at: "192.0.2.7").isEmpty, "the peer itself has roamed")
        #expect(locate("a.example.net", at: "192.0.2.8") == ["relocate 0.1 192.0.2.8:7"])
    }

    @Test("a peer that was not heard for long goes back to where its endpoint name is found")
    func lostPeer() throws {
        _ = try take(Self.alice + "Endpoint = a.example.net:7\n")
        _ = locate("a.example.net", at: "192.0.2.7")
        hear(0, at: "198.51.100.7:7", secondsAgo: 181)
        #expect(locate("a.example.net", at: "192.0.2.7") == ["relocate 0.1 192.0.2.7:7"])
    }

    @Test(
        "an endpoint name that is new for a peer moves it, even to where another name put it before"
    )
    func otherName() throws {
        _ = try take(Self.alice + "Endpoint = a.example.net:7\n")
        _ = locate("a.example.net", at: "192.0.2.7")
        hear(0, at: "198.51.100.7:7", secondsAgo: 30)
        #expect(try take(Self.alice + "Endpoint = b.example.net:7\n") == ["nothing"])
        #expect(locate("b.example.net", at: "192.0.2.7") == ["relocate 0.1 192.0.2.7:7"])
    }

    @Test(
        "a peer that was never heard is put to its endpoint name again when the gateway is replaced"
    )
    func namedPeerOfAnotherGateway() throws {
        let peers = Self.alice + "Endpoint = a.example.net:7\n"
        _ = try take(peers)
        _ = locate("a.example.net", at: "192.0.2.7")
        #expect(
            try take(peers, port: 51821)
                == ["close 0.1", "open port 51821", "install 0.2", "publish"]
        )
        #expect(locate("a.example.net", at: "192.0.2.7") == ["relocate 0.2 192.0.2.7:7"])
        #expect(locate("a.example.net", at: "192.0.2.7").isEmpty)
    }

    @Test(
        "a peer with an endpoint name that roamed stays where it was heard when the gateway is replaced"
    )
    func roamedPeerOfAnotherGateway() throws {
        let peers = Self.alice + "Endpoint = a.example.net:7\n"
        _ = try take(peers)
        _ = locate("a.example.net", at: "192.0.2.7")
        hear(0, at: "198.51.100.7:7", secondsAgo: 30)
        #expect(try take(peers, port: 51821).contains("install 0.2 at 198.51.100.7:7"))
        #expect(locate("a.example.net", at: "192.0.2.7").isEmpty)
    }

    @Test(
        "after a start, the config file's endpoint counts more than where a peer was heard long ago"
    )
    func rememberedTooLong() throws {
        let peers = Self.alice + "Endpoint = 192.0.2.1:1\n" + Self.bob + "Endpoint = 192.0.2.2:2\n"
        _ = try take(peers)
        hear(0, at: "198.51.100.7:7", secondsAgo: 0)
        hear(1, at: "198.51.100.8:8", secondsAgo: 0)
        let remembered = state.recentPeers(at: now)
        now = WallTime(nanoseconds: now.nanoseconds + 601 * 1_000_000_000)

        state = HubState(remembering: remembered)
        #expect(
            try take(peers) == [
                "open port 51820", "install 0.1 at 192.0.2.1:1", "install 1.1 at 192.0.2.2:2",
                "publish",
            ]
        )
    }

    @Test(
        "after a start, a peer with an endpoint name stays where it was called until its name moves"
    )
    func rememberedNamedPeer() throws {
        let peers = Self.alice + "Endpoint = a.example.net:7\n"
        _ = try take(peers)
        hear(0, at: "198.51.100.7:7", secondsAgo: 30)

        state = HubState(remembering: state.recentPeers(at: now))
        #expect(try take(peers).last == "call 0.1")
        #expect(locate("a.example.net", at: "192.0.2.7").isEmpty)
        #expect(locate("a.example.net", at: "192.0.2.8") == ["relocate 0.1 192.0.2.8:7"])
    }

    private func hear(_ slot: UInt32, at endpoint: String, secondsAgo seconds: UInt64) {
        let report = ActivityReport(
            peer: PeerHandle(slot: slot, generation: 1),
            endpoint: Endpoint(endpoint),
            lastSeen: WallTime(nanoseconds: now.nanoseconds - seconds * 1_000_000_000),
            latestHandshake: nil,
            receivedBytes: 0,
            receivedPackets: 0,
            sentBytes: 0,
            sentPackets: 0,
            answeredEchoes: 0,
            newTrouble: nil
        )
        state.hear([report])
    }

    private func locate(_ name: String, at address: String) -> [String] {
        guard let found = IPAddress(address) else { return ["\(address) is no address"] }
        return state.locate(name, at: Endpoint(address: found, port: 0), now: now).map(Self.words)
    }

    /// What is to be done, a word or two for each step.
    private func take(
        _ peers: String,
        port: Int = 51820,
        key: String = Keys.hub,
        address: String = "10.0.0.1/24",
        interface rest: String = ""
    ) throws -> [String] {
        let interface = """
            [Interface]
            PrivateKey = \(key)
            ListenPort = \(port)
            Address = \(address)

            """
        let configuration = try HubConfiguration(parsing: Array((interface + rest + peers).utf8))
        switch state.apply(configuration, at: now) {
        case .nothing:
            return ["nothing"]
        case .change(let changes, let summary):
            let (added, removed, changed) = (summary.added, summary.removed, summary.changed)
            return changes.map(Self.words)
                + (added + removed + changed > 0 ? ["\(added) \(removed) \(changed)"] : [])
                + (summary.isInterfaceChanged ? ["interface"] : [])
        case .reopen(let closing, let opening, let filling, let calling):
            if opening.port != 0 { state.opened(on: opening.port) }
            return (closing.map { ["close \($0.slot).\($0.generation)"] } ?? [])
                + ["open port \(opening.port)"] + filling.map(Self.words)
                + calling.map { "call \($0.slot).\($0.generation)" }
        }
    }

    private static func words(_ change: DataPlaneChange) -> String {
        switch change {
        case .reconfigureGateway(_, let addresses, let mtu):
            "reconfigure \(addresses.map { "\($0.address)" }.joined(separator: " ")) mtu \(mtu)"
        case .installPeer(let peer, _, let configuration):
            "install \(peer.slot).\(peer.generation)"
                + (configuration.endpoint.map { " at \($0)" } ?? "")
        case .removePeer(let peer): "remove \(peer.slot).\(peer.generation)"
        case .relocatePeer(let peer, let to): "relocate \(peer.slot).\(peer.generation) \(to)"
        case .publish: "publish"
        case .initiateHandshake: "initiate"
        }
    }
}
