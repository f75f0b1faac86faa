import Foundation
import Glibc
import TestSupport

/// One server and its clients, each on a host of its own:
///
///                       the test, 198.18.x.y
///                                │ (HTTP API)
///                 server: 192.0.2.1, forwards nothing
///           10.201.1.1/30 │            │ 10.201.2.1/30      …
///                         │            │
///           10.201.1.2/30 A            B 10.201.2.2/30
///
/// Every client sends everything to the server's host, which keeps what is not for itself: a packet
/// gets from A to B only through the tunnel.
final class Topology {
    /// What clients use as endpoint address.
    static let endpointAddress = "192.0.2.1"

    let server: Namespace
    let apiAddress: String
    private(set) var links: [Link] = []
    private let label: String
    /// The test's own end of its wire to the server.
    private let device = "wgwe\(getpid())"

    init(label: String) throws {
        self.label = label
        server = try Namespace("\(label)-server")
        // One of 16 384 pairs of the block for measurements between hosts (RFC 2544).
        let pair = Int(getpid()) % 16_384 * 4
        apiAddress = "198.18.\(pair / 256).\(pair % 256 + 2)"
        do {
            try connectAPI(here: "198.18.\(pair / 256).\(pair % 256 + 1)")
            try server.run("sh", "-c", "echo 0 > /proc/sys/net/ipv4/ip_forward")
            try server.run("ip", "address", "add", "\(Self.endpointAddress)/32", "dev", "lo")
        } catch {
            try? server.remove()
            throw error
        }
    }

    /// A new host that reaches the server, or another host in its place, and no other.
    func addHost(_ name: String, behind other: Namespace? = nil) throws -> Link {
        let link = try Link(
            number: links.count + 1,
            client: Namespace("\(label)-\(name)"),
            server: other ?? server
        )
        links.append(link)
        try link.connect()
        return link
    }

    func remove() {
        for link in links { try? link.client.remove() }
        try? server.remove()
        _ = try? Command.run("ip", "link", "del", device)
    }

    private func connectAPI(here address: String) throws {
        _ = try Command.run("ip", "link", "del", device)
        try Command.require(
            ["ip", "link", "add", device, "type", "veth"]
                + ["peer", "name", "api", "netns", server.name]
        )
        try Command.require("ip", "address", "add", "\(address)/30", "dev", device)
        try Command.require("ip", "link", "set", device, "up")
        try server.run("ip", "address", "add", "\(apiAddress)/30", "dev", "api")
        try server.run("ip", "link", "set", "api", "up")
    }
}

/// The wire between a client's host and the server's.
struct Link {
    let number: Int
    let client: Namespace
    let server: Namespace

    /// Where the client is at first, and where it goes when it roams.
    var address: String { "10.201.\(number).2" }
    var roamedAddress: String { "10.201.\(number).6" }

    /// The server's end.
    var device: String { "link\(number)" }

    func connect() throws {
        try server.run(
            "ip",
            "link",
            "add",
            device,
            "type",
            "veth",
            "peer",
            "name",
            "eth0",
            "netns",
            client.name
        )
        try server.run("ip", "address", "add", "10.201.\(number).1/30", "dev", device)
        try server.run("ip", "address", "add", "10.201.\(number).5/30", "dev", device)
        try server.run("ip", "link", "set", device, "up")
        try client.run("ip", "address", "add", "\(address)/30", "dev", "eth0")
        try client.run("ip", "link", "set", "eth0", "up")
        try client.run("ip", "route", "add", "default", "via", "10.201.\(number).1")
    }

    /// Gives the client another address, as a change from one access network to another does.
    func roam() throws {
        try client.run("ip", "address", "add", "\(roamedAddress)/30", "dev", "eth0")
        try client.run("ip", "route", "replace", "default", "via", "10.201.\(number).5")
        try client.run("ip", "address", "del", "\(address)/30", "dev", "eth0")
    }

    /// Another wire between the two, without an address.
    func connectAgain(server there: String, client here: String) throws {
        try server.run(
            "sh",
            "-c",
            "ip link add \(there) type veth peer name \(here) netns \(client.name)"
        )
        try server.run("ip", "link", "set", there, "up")
        try client.run("ip", "link", "set", here, "up")
    }

    /// The same link-local addresses on every wire: only the interface tells one from the other.
    /// Returns where the client finds the server.
    func addLinkLocal(server there: String, client here: String) throws -> String {
        try server.run("ip", "address", "add", "fe80::1/64", "dev", there, "nodad")
        try client.run("ip", "address", "add", "fe80::2/64", "dev", here, "nodad")
        return "[fe80::1%\(here)]"
    }
}
