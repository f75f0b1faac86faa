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

    @Test("a config file for wg-quick is read with all that a hub needs")
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
        "a config file may have what wg takes: any case, no spaces, empty lists, off, zero keys, host bits"
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

    @Test(
        "a config file's endpoint may have every form that wg reads",
        arguments: [
            ("2001:db8::1:51820", "[2001:db8::1]:51820"), ("[192.0.2.1]:51820", "192.0.2.1:51820"),
            ("[::ffff:192.0.2.1]:7", "192.0.2.1:7"), ("192.0.2.1:isakmp", "192.0.2.1:500"),
            ("192.0.2.1:0051820", "192.0.2.1:51820"), ("127.1:7", "127.1:7"),
            ("[a.example.net]:7", "a.example.net:7"), ("a.example.net:isakmp", "a.example.net:500"),
            ("[fe80::1%eth0]:51820", "[fe80::1%eth0]:51820"),
            ("fe80::1%br-lan.7:51820", "[fe80::1%br-lan.7]:51820"),
            ("192.0.2.1:0", "nowhere"), ("[::]:0", "nowhere"), ("a.example.net:0", "nowhere"),
        ]
    )
    func endpoints(text: String, meaning: String) throws {
        let configuration = try Self.parse(Self.interface + Self.peer + "Endpoint = \(text)\n")
        #expect(configuration.peers.first?.endpoint?.description == meaning)
    }

    @Test("a config file's listen port may be the name of a UDP service")
    func listenPortName() throws {
        let configuration = try Self.parse(Self.interface + "ListenPort = isakmp\n")
        #expect(configuration.interface.listenPort == 500)
    }

    @Test(
        "of two config sections of one key, the later changes what it names, and all AllowedIPs"
    )
    func twice() throws {
        let configuration = try Self.parse(
            Self.interface + Self.peer
                + "PresharedKey = \(Keys.shared)\nPersistentKeepalive = 25\n"
                + "Endpoint = 192.0.2.1:7\nAllowedIPs = 10.0.0.2\n"
                + "[Peer]\nPublicKey = \(Keys.bob)\nAllowedIPs = 10.0.0.3\n" + Self.peer
                + "PersistentKeepalive = off\nAllowedIPs = 10.0.0.4\n"
        )
        #expect(configuration.peers.map(\.publicKey.base64) == [Keys.bob, Keys.alice])
        let (bob, alice) = (configuration.peers[0], configuration.peers[1])
        #expect(alice.presharedKey == SecretKey(base64: Keys.shared))
        #expect(alice.persistentKeepalive == 0)
        #expect(alice.endpoint?.description == "192.0.2.1:7")
        #expect(configuration.allowedIPs(of: alice).map { "\($0)" } == ["10.0.0.4/32"])
        #expect(configuration.allowedIPs(of: bob).map { "\($0)" } == ["10.0.0.3/32"])
        #expect(configuration.prefixes.count == 2)
        #expect(configuration.remarks.count == 1)
        #expect(configuration.remarks.first?.contains("lines 3 and 12") == true)
    }

    @Test("a zero preshared key in a later config section takes away that of an earlier one")
    func twiceWithoutKey() throws {
        let zeros = String(repeating: "A", count: 43) + "="
        let configuration = try Self.parse(
            Self.interface + Self.peer + "PresharedKey = \(Keys.shared)\n" + Self.peer
                + "PresharedKey = \(zeros)\n"
        )
        #expect(configuration.peers.count == 1)
        #expect(configuration.peers.first?.presharedKey == nil)
    }

    @Test(
        "a config file's addresses are split as wg-quick splits them",
        arguments: [
            "10.9.0.1/24, fd00::1/64", "10.9.0.1/24 fd00::1/64", "10.9.0.1/24,\tfd00::1/64 , ",
            ",10.9.0.1/24,,fd00::1/64\r",
        ]
    )
    func addresses(text: String) throws {
        let configuration = try Self.parse(Self.interface + "Address = \(text)\n")
        #expect(configuration.interface.addresses.map { "\($0)" } == ["10.9.0.1/24", "fd00::1/64"])
    }

    @Test("a config file's Address or MTU without a value is ignored, as by wg-quick")
    func emptyValues() throws {
        let configuration = try Self.parse(Self.interface + "Address =\nMTU = 1280\nMTU =  # no\n")
        #expect(configuration.interface.addresses.isEmpty)
        #expect(configuration.interface.mtu == 1420)
    }

    @Test("a config file's byte order mark is skipped, and UTF-16 is refused by name")
    func byteOrderMark() throws {
        let text = Array((Self.interface + Self.peer).utf8)
        #expect(try HubConfiguration(parsing: [0xef, 0xbb, 0xbf] + text).peers.count == 1)
        for mark in [[0xff, 0xfe], [0xfe, 0xff]] as [[UInt8]] {
            let error = #expect(throws: ConfigError.self) {
                try HubConfiguration(parsing: mark + text)
            }
            #expect(error?.reason == "this file is UTF-16 text; save it as UTF-8")
        }
    }

    @Test("config keys that only wg-quick acts on are named, each once, and ignored")
    func quickKeys() throws {
        let configuration = try Self.parse(
            Self.interface + "DNS = 1.1.1.1\nPostUp = iptables -A FORWARD\nDNS = 9.9.9.9\n"
                + "Table = off\n"
        )
        #expect(configuration.remarks == ["DNS, PostUp, Table: without effect on a gateway"])
    }

    @Test(
        "a config file's peer with the interface's own key is left out, as by the kernel, and named"
    )
    func ownKey() throws {
        let own = X25519.publicKey(of: try #require(SecretKey(base64: Keys.hub)))
        let configuration = try Self.parse(
            Self.interface + "[Peer]\nPublicKey = \(own)\n" + Self.peer
        )
        #expect(configuration.peers.map(\.publicKey) == [PublicKey(base64: Keys.alice)])
        #expect(configuration.remarks == ["the [Peer] of line 3 is this interface, left out"])
    }

    @Test(
        "a mistake in a config file is named with its line",
        arguments: [
            Mistake("", line: nil, "no [Interface] section"),
            Mistake("[Peer]\nPublicKey = \(Keys.alice)\n", line: nil, "no [Interface] section"),
            Mistake("[Interface]\nListenPort = 1\n", line: 1, "no PrivateKey"),
            Mistake("MTU = 1420\n", line: 1, "stands in no section; begin with [Interface]"),
            Mistake("[Interfaces]\n", line: 1, "expected [Interface], [Peer] or a line"),
            Mistake(interface + "hello\n", line: 3, "expected [Interface], [Peer] or a line"),
            Mistake(interface + "= 7\n", line: 3, "expected [Interface], [Peer] or a line"),
            Mistake(interface + "Speed = 7\n", line: 3, "'Speed' is not a key"),
            Mistake(interface + "PublicKey = 7\n", line: 3, "belongs in [Peer]"),
            Mistake(interface + peer + "MTU = 1420\n", line: 5, "belongs in [Interface]"),
            Mistake(interface + "ListenPort = 65536\n", line: 3, "a UDP service, not '65536'"),
            Mistake(interface + "ListenPort = -1\n", line: 3, "from 0 to 65535, or the name"),
            Mistake(interface + "ListenPort = nosuch\n", line: 3, "a UDP service, not 'nosuch'"),
            Mistake(interface + "ListenPort =\n", line: 3, "not nothing"),
            Mistake(interface + "MTU = 575\n", line: 3, "from 576 to 65475"),
            Mistake(interface + "MTU = 99999999999999999999\n", line: 3, "from 576 to 65475"),
            Mistake(interface + "Address = 10.0.0.1/33\n", line: 3, "not '10.0.0.1/33'"),
            Mistake(interface + "Address = 10.0.0.1,/24\n", line: 3, "not '/24'"),
            Mistake(interface + peer + "AllowedIPs = 10.0.0.1,\n", line: 5, "not nothing"),
            Mistake(interface + peer + "AllowedIPs = 10.0.0\n", line: 5, "not '10.0.0'"),
            Mistake(interface + peer + "AllowedIPs = ::/129\n", line: 5, "not '::/129'"),
            Mistake(interface + peer + "Endpoint = 192.0.2.1\n", line: 5, "and a port"),
            Mistake(interface + peer + "Endpoint = 192.0.2.1:70000\n", line: 5, "and a port"),
            Mistake(interface + peer + "Endpoint = [::1]51820\n", line: 5, "and a port"),
            Mistake(interface + peer + "Endpoint = []:51820\n", line: 5, "and a port"),
            Mistake(interface + peer + "Endpoint = :51820\n", line: 5, "and a port"),
            Mistake(interface + peer + "Endpoint = fe80::1%:51820\n", line: 5, "and a port"),
            Mistake(interface + peer + "Endpoint = 192.0.2.1%eth0:51820\n", line: 5, "and a port"),
            Mistake(interface + peer + "Endpoint = 2001:db8::g:51820\n", line: 5, "and a port"),
            Mistake(interface + peer + "Endpoint = [::1:51820\n", line: 5, "and a port"),
            Mistake(interface + peer + "Endpoint = two/words:1\n", line: 5, "and a port"),
            Mistake(interface + peer + "PersistentKeepalive = on\n", line: 5, "or off, not 'on'"),
            Mistake(interface + "[Peer]\nMTU = 1\n", line: 4, "belongs in [Interface]"),
            Mistake(interface + "\n[Peer]\n\n[Peer]\n", line: 4, "this [Peer] has no PublicKey"),
            Mistake("[Interface]\nPrivateKey = AAAA\n", line: 2, "a key of 44 base64 characters"),
        ]
    )
    func mistakes(_ mistake: Mistake) throws {
        let error = #expect(throws: ConfigError.self) { try Self.parse(mistake.text) }
        #expect(error?.line == mistake.line)
        #expect(error?.reason.contains(mistake.reason) == true, "\(error?.reason ?? "")")
    }

    @Test(
        "all mistakes of a config file are told in the order of their lines, and each of them once"
    )
    func allMistakes() {
        let text = """
            [Interface]
            PrivateKey = short
            MTU = 7
            [Pear]
            PublicKey = AAAA
            [Peer]
            PublicKey = BBBB
            AllowedIPs = 10.0.0
            [Peer]
            PublicKey = \(Keys.alice)
            [Peer]
            AllowedIPs = 10.0.0.2/32
            Speed = 9
            """
        let errors = #expect(throws: ConfigErrors.self) {
            try HubConfiguration(checking: Array(text.utf8), mostErrors: 100)
        }
        #expect(errors?.all.map(\.line) == [2, 3, 4, 7, 8, 11, 13])
        let first = #expect(throws: ConfigErrors.self) {
            try HubConfiguration(checking: Array(text.utf8), mostErrors: 2)
        }
        #expect(first?.all.map(\.line) == [2, 3])
    }

    @Test(
        "an error about a config file shows no part of a key, wherever it was put",
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
