import DataPlane
import NetAddress
import Testing
import WireGuardEngine

@testable import HubRuntime

final class HubStateTests {
    private var state = HubState()

    private static let alice = "[Peer]\nPublicKey = \(Keys.alice)\nAllowedIPs = 10.0.0.2/32\n"
    private static let bob = "[Peer]\nPublicKey = \(Keys.bob)\nAllowedIPs = 10.0.0.3/32\n"
    private static let carol = "[Peer]\nPublicKey = \(Keys.carol)\nAllowedIPs = 10.0.0.4/32\n"

    @Test("a first file opens a gateway and fills it")
    func first() throws {
        let plan = try take(Self.alice + Self.bob)
        #expect(plan == ["open port 51820", "install 0.1", "install 1.1", "publish"])
    }

    @Test("the same file again is nothing to do, however it is written")
    func same() throws {
        _ = try take(Self.alice + Self.bob)
        #expect(try take("# new\n" + Self.alice + "\n\n" + Self.bob) == ["nothing"])
    }

    @Test("a peer more touches no other peer")
    func added() throws {
        _ = try take(Self.alice + Self.bob)
        #expect(
            try take(Self.alice + Self.carol + Self.bob) == ["install 2.1", "publish", "1 0 0"]
        )
    }

    @Test("a peer less is removed, and its handle never names another peer")
    func removed() throws {
        _ = try take(Self.alice + Self.bob)
        #expect(try take(Self.bob) == ["remove 0.1", "publish", "0 1 0"])
        #expect(try take(Self.carol + Self.bob) == ["install 0.2", "publish", "1 0 0"])
    }

    @Test("one peer for another: the old one goes first, so that its slot is free")
    func replaced() throws {
        _ = try take(Self.alice + Self.bob)
        #expect(
            try take(Self.alice + Self.carol) == ["remove 1.1", "install 1.2", "publish", "1 1 0"]
        )
    }

    @Test(
        "what changes of a peer is changed on it, and nothing else",
        arguments: [
            ("PresharedKey = \(Keys.shared)\n", ["install 0.1", "0 0 1"]),
            ("PersistentKeepalive = 25\n", ["install 0.1", "0 0 1"]),
            ("Endpoint = 192.0.2.1:51820\n", ["relocate 0.1 192.0.2.1:51820", "0 0 1"]),
            ("Endpoint = alice.example.net:7\n", ["relocate 0.1 198.51.100.1:7", "0 0 1"]),
            ("AllowedIPs = 10.9.0.0/16\n", ["publish", "0 0 1"]),
        ]
    )
    func changed(line: String, plan: [String]) throws {
        _ = try take(Self.alice + Self.bob)
        #expect(try take(Self.alice + line + Self.bob) == plan)
    }

    @Test("an endpoint that the file names no longer stays where the peer was heard")
    func forgottenEndpoint() throws {
        _ = try take(Self.alice + "Endpoint = 192.0.2.1:51820\n")
        #expect(try take(Self.alice) == ["nothing"])
    }

    @Test("a prefix that moves from one peer to another is published")
    func movedPrefix() throws {
        _ = try take(Self.alice + "AllowedIPs = 10.9.0.0/16\n" + Self.bob)
        let next = Self.alice + Self.bob + "AllowedIPs = 10.9.0.0/16\n"
        #expect(try take(next).contains("publish"))
    }

    @Test("another key or port opens another gateway, with all peers")
    func reopened() throws {
        _ = try take(Self.alice)
        let plan = try take(Self.alice, port: 51821)
        #expect(plan == ["close 0.1", "open port 51821", "install 0.2", "publish"])
    }

    @Test("a name that cannot be found changes nothing, and its peer's line is named")
    func unknownName() throws {
        _ = try take(Self.alice)
        let error = #expect(throws: HubState.Failure.self) {
            try take(Self.bob + Self.carol + "Endpoint = nowhere.example.net:7\n")
        }
        #expect(error?.line == 8)
        #expect(error?.reason.contains("'nowhere.example.net' cannot be found") == true)
        #expect(try take(Self.alice) == ["nothing"])
        #expect(try take(Self.alice + Self.bob) == ["install 1.1", "publish", "1 0 0"])
    }

    /// What is to be done, a word or two for each step.
    private func take(_ peers: String, port: Int = 51820) throws -> [String] {
        let interface = """
            [Interface]
            PrivateKey = \(Keys.hub)
            ListenPort = \(port)
            Address = 10.0.0.1/24

            """
        let configuration = try HubConfiguration(parsing: Array((interface + peers).utf8))
        switch try state.take(configuration, lookup: Self.lookup) {
        case .nothing:
            return ["nothing"]
        case .change(let changes, let summary):
            return changes.map(Self.words)
                + ["\(summary.added) \(summary.removed) \(summary.changed)"]
        case .reopen(let closing, let opening, let filling):
            return (closing.map { ["close \($0.slot).\($0.generation)"] } ?? [])
                + ["open port \(opening.port)"] + filling.map(Self.words)
        }
    }

    private static func words(_ change: DataPlaneChange) -> String {
        switch change {
        case .installPeer(let peer, _, _): "install \(peer.slot).\(peer.generation)"
        case .removePeer(let peer): "remove \(peer.slot).\(peer.generation)"
        case .relocatePeer(let peer, let to): "relocate \(peer.slot).\(peer.generation) \(to)"
        case .publish: "publish"
        case .initiateHandshake: "initiate"
        }
    }

    private static func lookup(name: String, port: UInt16) throws(NameLookupError) -> Endpoint {
        guard name != "nowhere.example.net" else {
            throw NameLookupError(name: name, reason: "nobody knows it")
        }
        return Endpoint(address: .v4(IPv4Address(bits: 0xc633_6401)), port: port)
    }
}
