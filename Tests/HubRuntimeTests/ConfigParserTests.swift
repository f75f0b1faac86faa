import NetAddress
import Testing
import WireGuardCrypto

@testable import HubRuntime

struct ConfigParserTests {
    /// Bad input, the line that is to blame, and a word of the reason.
    struct Mistake: CustomTestStringConvertible {
        let text: String
        let line: Int?
        let reason: String

        init(_ text: String, line: Int?, _ reason: String) {
            self.text = text
            self.line = line
            self.reason = reason
        }

        var testDescription: String { "\(line ?? 0): \(reason)" }
    }

    private static let interface = "[Interface]\nPrivateKey = \(Keys.hub)\n"
    private static let peer = "[Peer]\nPublicKey = \(Keys.alice)\n"

    private static func parse(_ text: String) throws(ConfigError) -> HubConfiguration {
        try HubConfiguration(parsing: Array(text.utf8))
    }

    @Test("reads all that a hub needs of a file for wg-quick")
    func whole() throws {
        let configuration = try Self.parse(
            """
            # A hub.
            [Interface]
            PrivateKey = \(Keys.hub)
            ListenPort = 51820
            Address = 10.0.0.1/24, fd00::1/64
            MTU = 1280

            [Peer]   # Alice
            PublicKey = \(Keys.alice)
            PresharedKey = \(Keys.shared)
            AllowedIPs = 10.0.0.2/32,fd00::2/128
            AllowedIPs = 192.168.7.0/24
            Endpoint = [2001:db8::7]:4000
            PersistentKeepalive = 25

            [Peer]
            PublicKey=\(Keys.bob)
            Endpoint = bob.example.net:51820
            """
        )
        let interface = configuration.interface
        #expect(interface.privateKey == SecretKey(base64: Keys.hub))
        #expect(interface.listenPort == 51820)
        #expect(interface.addresses.map { "\($0)" } == ["10.0.0.1/24", "fd00::1/64"])
        #expect(interface.mtu == 1280)

        try #require(configuration.peers.count == 2)
        let (alice, bob) = (configuration.peers[0], configuration.peers[1])
        #expect(alice.publicKey == PublicKey(base64: Keys.alice))
        #expect(alice.presharedKey == SecretKey(base64: Keys.shared))
        #expect(
            configuration.allowedIPs(of: alice).map { "\($0)" }
                == ["10.0.0.2/32", "fd00::2/128", "192.168.7.0/24"]
        )
        let address = try #require(IPv6Address("2001:db8::7"))
        #expect(alice.endpoint == .address(Endpoint(address: .v6(address), port: 4000)))
        #expect(alice.persistentKeepalive == 25)
        #expect(bob.endpoint == .name("bob.example.net", port: 51820))
        #expect(configuration.allowedIPs(of: bob).isEmpty)
        #expect(configuration.remarks.isEmpty)
    }

    @Test(
        "takes what wg takes: any case, no spaces, empty lists, off, keys of zeros, bits too many"
    )
    func leniency() throws {
        let zeros = String(repeating: "A", count: 43) + "="
        let configuration = try Self.parse(
            """
            [INTERFACE]
            privatekey=\(Keys.hub)\r
            ListenPort = 0
            [peer]
            PUBLICKEY =\t\(Keys.alice)
            PresharedKey = \(zeros)
            AllowedIPs =
            PersistentKeepalive = off
            [Peer]
            PublicKey = \(Keys.bob)
            AllowedIPs = 10.0.0.77/24
            AllowedIPs = 10.1.2.3
            """
        )
        try #require(configuration.peers.count == 2)
        let (alice, bob) = (configuration.peers[0], configuration.peers[1])
        #expect(alice.presharedKey == nil)
        #expect(alice.persistentKeepalive == 0)
        #expect(configuration.allowedIPs(of: alice).isEmpty)
        #expect(
            configuration.allowedIPs(of: bob).map { "\($0)" } == ["10.0.0.0/24", "10.1.2.3/32"]
        )
    }

    @Test("names the keys that only wg-quick acts on, each once, and leaves them out")
    func quickKeys() throws {
        let configuration = try Self.parse(
            Self.interface + "DNS = 1.1.1.1\nPostUp = iptables -A FORWARD\nDNS = 9.9.9.9\n"
                + "Table = off\n"
        )
        #expect(configuration.remarks == ["DNS, PostUp, Table: without effect on a hub"])
    }

    @Test("leaves out a peer with the interface's own key, as the kernel does, and says so")
    func ownKey() throws {
        let own = X25519.publicKey(of: try #require(SecretKey(base64: Keys.hub)))
        let configuration = try Self.parse(
            Self.interface + "[Peer]\nPublicKey = \(own)\n" + Self.peer
        )
        #expect(configuration.peers.map(\.publicKey) == [PublicKey(base64: Keys.alice)])
        #expect(configuration.remarks == ["the [Peer] of line 3 is this interface, left out"])
    }

    @Test(
        "a mistake is named with its line",
        arguments: [
            Mistake("", line: nil, "no [Interface] section"),
            Mistake("[Peer]\nPublicKey = \(Keys.alice)\n", line: nil, "no [Interface] section"),
            Mistake("[Interface]\nListenPort = 1\n", line: 1, "no PrivateKey"),
            Mistake("MTU = 1420\n", line: 1, "stands in no section; begin with [Interface]"),
            Mistake("[Interfaces]\n", line: 1, "expected [Interface], [Peer] or a line"),
            Mistake(interface + "hello\n", line: 3, "expected [Interface], [Peer] or a line"),
            Mistake(interface + "= 7\n", line: 3, "expected [Interface], [Peer] or a line"),
            Mistake(interface + "Speed = 7\n", line: 3, "'Speed' is no key"),
            Mistake(interface + "PublicKey = 7\n", line: 3, "belongs in [Peer]"),
            Mistake(interface + peer + "MTU = 1420\n", line: 5, "belongs in [Interface]"),
            Mistake(interface + "ListenPort = 65536\n", line: 3, "from 0 to 65535, not '65536'"),
            Mistake(interface + "ListenPort = -1\n", line: 3, "from 0 to 65535, not '-1'"),
            Mistake(interface + "ListenPort =\n", line: 3, "not nothing"),
            Mistake(interface + "MTU = 575\n", line: 3, "from 576 to 65475"),
            Mistake(interface + "MTU = 99999999999999999999\n", line: 3, "from 576 to 65475"),
            Mistake(interface + "Address = 10.0.0.1/33\n", line: 3, "not '10.0.0.1/33'"),
            Mistake(interface + "Address = 10.0.0.1,\n", line: 3, "not nothing"),
            Mistake(interface + peer + "AllowedIPs = 10.0.0\n", line: 5, "not '10.0.0'"),
            Mistake(interface + peer + "AllowedIPs = ::/129\n", line: 5, "not '::/129'"),
            Mistake(interface + peer + "Endpoint = 192.0.2.1\n", line: 5, "and a port"),
            Mistake(interface + peer + "Endpoint = 192.0.2.1:0\n", line: 5, "and a port"),
            Mistake(interface + peer + "Endpoint = [::1:51820\n", line: 5, "and a port"),
            Mistake(interface + peer + "Endpoint = two/words:1\n", line: 5, "and a port"),
            Mistake(interface + peer + "PersistentKeepalive = on\n", line: 5, "or off, not 'on'"),
            Mistake(interface + "[Peer]\nMTU = 1\n", line: 4, "belongs in [Interface]"),
            Mistake(interface + "\n[Peer]\n\n[Peer]\n", line: 4, "this [Peer] has no PublicKey"),
            Mistake(interface + peer + peer, line: 5, "the [Peer] of line 3 has the same"),
            Mistake("[Interface]\nPrivateKey = AAAA\n", line: 2, "a key of 44 base64 characters"),
        ]
    )
    func mistakes(_ mistake: Mistake) throws {
        let error = #expect(throws: ConfigError.self) { try Self.parse(mistake.text) }
        #expect(error?.line == mistake.line)
        #expect(error?.reason.contains(mistake.reason) == true, "\(error?.reason ?? "")")
    }

    @Test(
        "an error shows no part of a key, wherever it was put",
        arguments: [
            "PrivateKey = SECRETabcdefSECRETabcdef", "SECRETabcdefSECRETabcdefSECRETabcdefSECR=",
            "SECRETabcdefSECRETabcdef=", "MTU = SECRETabcdefSECRETabcdef",
            "Address = SECRETabcdef/SECRET", "ListenPort = SECRETabcdef+SECRETabcdef=",
            "[SECRETabcdefSECRETabcdef]", "SECRETabcdefSECRETabcdefSECRETabcdefSECRETabcdef",
        ]
    )
    func secrecy(_ line: String) {
        let error = #expect(throws: ConfigError.self) { try Self.parse("[Interface]\n\(line)\n") }
        #expect(error?.line == 2)
        #expect(error?.reason.contains("SECRET") == false, "\(error?.reason ?? "")")
    }
}
