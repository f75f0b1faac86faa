import HubRuntime
import NetAddress
import TestSupport
import Testing

@testable import ConnectRuntime

@Suite("What a config file makes of a client's machine")
struct ConnectPlanTests {
    private static let key =
        "[Interface]\nPrivateKey = QDs4QAQwOCM3CPVlxQiUa8Hd2rBt2cL0Wc4l5Bwd9k8=\n"

    private static func peer(_ text: String, key: String = "a") -> String {
        let letters = String(repeating: key, count: 42)
        return "[Peer]\nPublicKey = \(letters)A=\n" + text
    }

    private static func file(_ interface: String, _ peers: String...) throws -> HubConfiguration {
        try HubConfiguration(parsing: Array((key + interface + peers.joined()).utf8))
    }

    private static func plan(
        _ configuration: HubConfiguration,
        endpoints: [String] = ["192.0.2.1"],
        leavesRoutes: Bool = false
    ) throws -> ConnectPlan {
        try ConnectPlan(
            configuration,
            endpoints: endpoints.compactMap { IPAddress($0) },
            leavesRoutes: leavesRoutes
        )
    }

    private static func prefixes(_ texts: String...) throws -> [IPPrefix] {
        try texts.map { try IPPrefix($0) }
    }

    @Test("the prefixes of all peers become routes of the main table, each once")
    func split() throws {
        let file = try Self.file(
            "Address = 10.0.0.2/24, fd00::2/64\nMTU = 1380\n",
            Self.peer("AllowedIPs = 10.0.0.0/24, 10.9.0.0/16\n"),
            Self.peer("AllowedIPs = fd00::/64, 10.9.0.0/16\n", key: "b")
        )
        let plan = try Self.plan(file)
        #expect(plan.addresses.map(\.description) == ["10.0.0.2/24", "fd00::2/64"])
        #expect(plan.mtu == 1380)
        #expect(
            plan.routes.prefixes == (try Self.prefixes("10.0.0.0/24", "10.9.0.0/16", "fd00::/64"))
        )
        #expect(plan.routes.beyondEndpoints.isEmpty && plan.routes.ruledFamilies.isEmpty)
        #expect(plan.nameServers == nil)
    }

    @Test(
        "a default route and prefixes around an endpoint get a table that the tunnel's own packets pass by"
    )
    func aroundEndpoints() throws {
        let file = try Self.file(
            "Address = 10.0.0.2/32\n",
            Self.peer("AllowedIPs = 0.0.0.0/0, ::/0, 192.0.2.0/24, 10.0.0.0/24\n")
        )
        let routes = try Self.plan(file).routes
        #expect(routes.prefixes == (try Self.prefixes("10.0.0.0/24")))
        #expect(routes.beyondEndpoints == (try Self.prefixes("0.0.0.0/0", "::/0", "192.0.2.0/24")))
        #expect(routes.ruledFamilies == [false, true])
        let halves = try Self.file(
            "Address = 10.0.0.2/32\n",
            Self.peer("AllowedIPs = 0.0.0.0/1, 128.0.0.0/1\n")
        )
        #expect(
            try Self.plan(halves).routes.beyondEndpoints == (try Self.prefixes("128.0.0.0/1"))
        )
    }

    @Test(
        "a prefix into which a gateway moves goes the way of those around endpoints, and stays there"
    )
    func movingEndpoint() throws {
        let peer = Self.peer("AllowedIPs = 10.0.0.0/24, 10.9.0.0/16, 10.9.1.0/24\n")
        var routes = try Self.plan(try Self.file("Address = 10.0.0.2/32\n", peer)).routes
        let moved = try #require(IPAddress("10.9.1.7"))
        #expect(routes.moveAround(try #require(IPAddress("192.0.2.9"))).isEmpty)
        let around = try Self.prefixes("10.9.0.0/16", "10.9.1.0/24")
        #expect(routes.moveAround(moved) == around)
        #expect(routes.prefixes == (try Self.prefixes("10.0.0.0/24")))
        #expect(routes.beyondEndpoints == around && routes.ruledFamilies == [false])
        #expect(routes.moveAround(moved).isEmpty, "they are there already")
        let text = "Address = 10.0.0.2/32\nTable = 1234\n"
        var given = try Self.plan(try Self.file(text, peer)).routes
        #expect(
            given.moveAround(moved).isEmpty,
            "a table of the user's is looked at by the user's rules"
        )
    }

    @Test("the tunnel fits the narrowest way to a gateway, where the file does not say its MTU")
    func pathMTU() throws {
        let peer = Self.peer("AllowedIPs = 10.0.0.0/24\n")
        let silent = try Self.file("Address = 10.0.0.2/32\n", peer)
        let named = try Self.file("Address = 10.0.0.2/32\nMTU = 1500\n", peer)
        for (interfaces, mtu) in [
            ([], 1420), ([1500], 1420), ([9000], 1420), ([1500, 1492], 1412), ([1400], 1320),
            ([576], 1280),
        ] {
            #expect(silent.fitting(interfaces).interface.mtu == mtu, "\(interfaces)")
            #expect(named.fitting(interfaces).interface.mtu == 1500)
        }
    }

    @Test("Table says where routes go, and whether")
    func table() throws {
        let peer = Self.peer("AllowedIPs = 0.0.0.0/0\n")
        let routes = { (line: String) in
            try Self.plan(try Self.file("Address = 10.0.0.2/32\n\(line)", peer)).routes
        }
        #expect(try routes("Table = auto\n").beyondEndpoints.count == 1)
        #expect(try routes("Table = off\n") == (try routes("table = OFF\n")))
        #expect(try routes("Table = off\n").prefixes.isEmpty)
        let numbered = try routes("Table = 1234\n")
        #expect(numbered.table == 1234 && numbered.prefixes.count == 1)
        #expect(numbered.beyondEndpoints.isEmpty)
        #expect(try routes("Table = main\n").table == 254)
        for wrong in ["0", "-1", "nonsense", "4294967296"] {
            #expect(throws: ConnectError.self) { try routes("Table = \(wrong)\n") }
        }
    }

    @Test("DNS has servers and domains, and words that are neither are left out")
    func names() throws {
        let file = try Self.file(
            "Address = 10.0.0.2/32\nDNS = 10.0.0.1, corp.example\nDNS = fd00::1 $(reboot)\n",
            Self.peer("AllowedIPs = 10.0.0.0/24\n")
        )
        let names = try #require(try Self.plan(file).nameServers)
        #expect(names.text == "nameserver 10.0.0.1\nnameserver fd00::1\nsearch corp.example\n")
    }

    @Test("with --no-routes there are addresses, and neither routes nor name servers")
    func withoutRoutes() throws {
        let file = try Self.file(
            "Address = 10.0.0.2/32\nDNS = 10.0.0.1\n",
            Self.peer("AllowedIPs = 0.0.0.0/0\n")
        )
        let plan = try Self.plan(file, leavesRoutes: true)
        #expect(plan.addresses.count == 1)
        #expect(plan.routes.prefixes.isEmpty && plan.routes.beyondEndpoints.isEmpty)
        #expect(plan.nameServers == nil)
    }

    @Test("--allowed-ips takes the place of what the only peer has, for routes and for the tunnel")
    func allowedIPs() throws {
        let peer = Self.peer("Endpoint = 192.0.2.1:51820\nAllowedIPs = 0.0.0.0/0\n")
        let options = ConnectOptions(allowedIPs: try Self.prefixes("10.0.0.0/24", "10.5.0.0/16"))
        let one = try Self.file("Address = 10.0.0.2/32\n", peer).forClient(options)
        #expect(Array(one.allowedIPs(of: one.peers[0])) == options.allowedIPs)
        #expect(try Self.plan(one).routes.prefixes == options.allowedIPs)

        let two = try Self.file("Address = 10.0.0.2/32\n", peer, Self.peer("", key: "b"))
        let error = #expect(throws: ConnectError.self) { try two.forClient(options) }
        #expect(error?.description.contains("this one has 2") == true)
    }

    @Test("a file that cannot be a client's is refused with what it lacks")
    func lacking() throws {
        let peer = Self.peer("Endpoint = 192.0.2.1:51820\nAllowedIPs = 10.0.0.0/24\n")
        let cases: [(HubConfiguration, String)] = [
            (try Self.file("", peer), "no Address"),
            (try Self.file("Address = 10.0.0.2/32\n"), "no [Peer]"),
            (
                try Self.file("Address = 10.0.0.2/32\n", Self.peer("AllowedIPs = 10.0.0.0/24\n")),
                "no [Peer] of the file has an Endpoint"
            ),
        ]
        for (file, words) in cases {
            let error = #expect(throws: ConnectError.self) {
                try Self.plan(try file.forClient(ConnectOptions()))
            }
            #expect(error?.description.contains(words) == true)
        }
    }

    @Test("keys that have an effect on a client are not remarked on, and commands are")
    func remarks() throws {
        let peer = Self.peer("Endpoint = 192.0.2.1:51820\n")
        let file = try Self.file("Address = 10.0.0.2/32\nDNS = 10.0.0.1\nPostUp = reboot\n", peer)
        #expect(
            try file.forClient(ConnectOptions()).remarks == [
                "PostUp: wgw connect runs no commands and does not act on it"
            ]
        )
        let plain = try Self.file("Address = 10.0.0.2/32\nDNS = 10.0.0.1\n", peer)
        #expect(try plain.forClient(ConnectOptions()).remarks.isEmpty)
    }

    @Test("rules of a second tunnel come before those of the first, and never in their place")
    func priorities() throws {
        let first = try #require(RoutePlan.priorities(besides: [0, 32_766, 32_767]))
        #expect(first == (32_764, 32_765))
        let second = try #require(RoutePlan.priorities(besides: [32_764, 32_765]))
        #expect(second == (32_762, 32_763))
        #expect(RoutePlan.priorities(besides: Set(9_000...32_766)) == nil)
    }
}
