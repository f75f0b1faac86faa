import Foundation
import HubRuntime
import NetAddress
import Testing
import WireGuardCrypto

@testable import wgw

struct ImportPlanTests {
    private static let keys = [
        "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=",
        "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=",
        "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=",
    ]

    private static let interface = """
        [Interface]
        PrivateKey = TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=
        ListenPort = 51820
        Address = 10.8.0.1/24

        """

    private static func peer(_ number: Int, _ allowedIPs: String, _ more: String = "") -> String {
        "[Peer]\nPublicKey = \(keys[number])\nAllowedIPs = \(allowedIPs)\n\(more)"
    }

    private static func plan(
        _ text: String,
        names: [Int: String] = [:],
        subnet: String? = nil
    ) throws -> ImportPlan {
        try ImportPlan(
            HubConfiguration(parsing: Array(text.utf8)),
            names: names,
            name: "wg0",
            subnet: try subnet.map { try IPv4Prefix($0) }
        )
    }

    private static func mistakes(_ text: String, subnet: String? = nil) throws -> [String] {
        do {
            _ = try plan(text, subnet: subnet)
            Issue.record("nothing was wrong")
            return []
        } catch let error as ImportMistakes {
            return error.list.map { "\($0.line.map { "\($0)" } ?? "-") \($0.reason)" }
        }
    }

    @Test(
        "a server's file becomes a gateway with its key, port and address, and its peers in any order"
    )
    func whole() throws {
        let plan = try Self.plan(
            Self.interface + "MTU = 1380\n"
                + Self.peer(
                    0,
                    "192.168.10.0/24, 10.8.0.9/32, fd00::9/128",
                    "PersistentKeepalive = 25\nPresharedKey = \(Self.keys[2])\n"
                )
                + Self.peer(1, "10.8.0.2/32, 10.8.0.64/26", "Endpoint = 192.0.2.1:1\n"),
            names: [6: " site "]
        )
        #expect(plan.gateway.port == 51_820)
        #expect(plan.gateway.serverAddress.description == "10.8.0.1/24")
        #expect(plan.gateway.subnet.description == "10.8.0.0/24")
        #expect(plan.gateway.mtu == 1380)
        #expect(plan.peers.map { $0.address?.description } == ["10.8.0.9", "10.8.0.2"])
        #expect(
            plan.peers.map { $0.networks.map(\.description) }
                == [["192.168.10.0/24", "fd00::9/128"], ["10.8.0.64/26"]]
        )
        #expect(plan.peers.map(\.name) == ["site", nil])
        #expect(plan.peers.map(\.keepalive) == [25, nil])
        #expect(plan.peers.map { $0.presharedKey?.base64 } == [Self.keys[2], nil])
        #expect(plan.peers.map { $0.endpoint?.description } == [nil, "192.0.2.1:1"])
        #expect(plan.peers.map(\.line) == [6, 11])
        #expect(plan.remarks.isEmpty)
    }

    @Test("of a file that is wrong everywhere, the first mistakes are told and the others counted")
    func manyMistakes() throws {
        let peers = (0..<300).map { number in
            let bytes =
                [UInt8(number & 0xFF), UInt8(number >> 8)] + [UInt8](repeating: 7, count: 30)
            let place = "127.\(number >> 8).\(number & 0xFF).0/24"
            return
                "[Peer]\nPublicKey = \(Data(bytes).base64EncodedString())\nAllowedIPs = \(place)\n"
        }
        do {
            _ = try Self.plan(Self.interface + peers.joined())
            Issue.record("nothing was wrong")
        } catch let error as ImportMistakes {
            #expect(error.list.count == 100)
            #expect(error.untold == 200)
        }
    }

    @Test(
        "a server with another own address than the first one, or in a subnet that is given, keeps it"
    )
    func ownAddress() throws {
        let last = try Self.plan(
            Self.interface.replacing("10.8.0.1/24", with: "10.8.0.254/24, fd00::1/64")
                + Self.peer(0, "10.8.0.1/32")
        )
        #expect(last.gateway.serverAddress.description == "10.8.0.254/24")
        #expect(last.peers.first?.address?.description == "10.8.0.1")
        #expect(last.remarks.first.count == 1)
        #expect(last.remarks.first.first?.hasPrefix("Address: fd00::1 is not taken over") == true)
        let alone = Self.interface.replacing("/24", with: "/32") + Self.peer(0, "10.8.0.7")
        #expect(
            try Self.mistakes(alone) == [
                """
                - Address: 10.8.0.1/32 leaves no room for peers; give the subnet that they have addresses \
                of, like --subnet 10.8.0.0/24
                """
            ]
        )
        let given = try Self.plan(alone, subnet: "10.8.0.0/28")
        #expect(given.gateway.serverAddress.description == "10.8.0.1/28")
        #expect(given.peers.first?.address?.description == "10.8.0.7")
    }

    @Test(
        "a peer without an address of the subnet, or with a host name, is taken over with a remark"
    )
    func remarks() throws {
        let plan = try Self.plan(
            Self.interface + Self.peer(0, "10.9.0.2/32", "Endpoint = example.com:1\n")
                + Self.peer(1, "10.8.0.2/32, 10.8.0.0/29")
                .replacing("10.8.0.0/29", with: "10.9.0.2/32")
        )
        #expect(plan.peers.map { $0.address?.description } == [nil, "10.8.0.2"])
        #expect(plan.peers.map { $0.networks.map(\.description) } == [[], ["10.9.0.2/32"]])
        #expect(
            plan.remarks.first.map { String($0.prefix(40)) } == [
                "AllowedIPs: 10.9.0.2/32 is in the [Peer]",
                "the [Peer] of line 5 has no address of 1",
                "Endpoint: the host name example.com of t",
            ]
        )
    }

    @Test(
        "a server whose commands let peers out to the internet is taken over with a remark about that"
    )
    func commands() throws {
        let plan = try Self.plan(Self.interface + "PostUp = iptables -t nat -A POSTROUTING\n")
        #expect(
            plan.remarks.first.map { String($0.prefix(20)) } == [
                "PostUp: is not run; "
            ]
        )
        let several = try Self.plan(
            Self.interface + "PreUp = a\nDNS = 1.1.1.1\nPostUp = iptables -t nat\n"
        )
        #expect(
            several.remarks.first.map { String($0.prefix(22)) } == [
                "DNS: without effect on", "PreUp, PostUp: is not ",
            ]
        )
    }

    @Test("networks of one peer that lie in each other are one network")
    func nested() throws {
        let plan = try Self.plan(
            Self.interface + Self.peer(0, "10.8.0.2/32, 10.9.1.0/24, 10.9.0.0/16, 10.9.0.0/16")
        )
        #expect(plan.peers.first?.networks.map(\.description) == ["10.9.0.0/16"])
    }

    @Test("all that a gateway cannot take over is told at once, with its line and key")
    func mistakes() throws {
        let text =
            "[Interface]\nPrivateKey = \(Self.keys[2])\nAddress = fd00::1/64\nMTU = 1200\n"
            + Self.peer(0, "0.0.0.0/0") + Self.peer(1, "10.9.0.0/16")
            + "[Peer]\nPublicKey = AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nAllowedIPs = 127.0.0.0/8\n"
        #expect(
            try Self.mistakes(text) == [
                "- ListenPort: is missing; add the port that the peers' Endpoint has",
                "- MTU: a gateway has from 1280 to 9200; change the line",
                "- Address: has no IPv4 address; add that of the server, like 10.0.0.1/24",
                "8 AllowedIPs: 10.9.0.0/16 lies in 0.0.0.0/0 of the [Peer] of line 5; an address can belong to one peer only",
                "11 AllowedIPs: 127.0.0.0/8 lies in 0.0.0.0/0 of the [Peer] of line 5; an address can belong to one peer only",
                "5 AllowedIPs: 0.0.0.0/0 is everything; leave it out, and make the peer the default gateway of the network afterwards",
                "11 PublicKey: must be a key that 'wg pubkey' prints",
                "11 AllowedIPs: 127.0.0.0/8 overlaps addresses that no host may use, such as loopback",
            ]
        )
    }

    @Test(
        "a network behind a peer that overlaps the server's own is refused",
        arguments: [
            ("10.8.0.0/24", "contains 10.8.0.1, the server's own address"),
            ("10.0.0.0/8", "contains 10.8.0.1, the server's own address"),
            ("10.8.0.1/32", "contains 10.8.0.1, the server's own address"),
        ]
    )
    func overlap(network: String, reason: String) throws {
        #expect(
            try Self.mistakes(Self.interface + Self.peer(0, network)) == [
                "5 AllowedIPs: \(network) \(reason)"
            ]
        )
    }
}
