import EndToEndSupport
import Foundation
import Glibc
import TestSupport

/// A machine with a device that stands for the TUN device of a server, each wire with a host at its end:
///
///     peer: 100.64.0.2 ──── wgw0  router  up0 ──── service: 192.0.2.10, .11
///                                  │
///                                 lan0: 203.0.113.1, a network that is not to be reached
///
/// The service has no route to the peer: its answers arrive only if the router translates addresses.
struct Router: Sendable {
    let peer: String
    let service: String
    private let router: String

    /// Runs the body, which does not leave its thread, as a program on the router.
    static func with(_ body: (Router) throws -> Void) throws {
        if let lacking = Privileges.lacking { throw Command.Failure(description: lacking) }
        let router = Router()
        defer { router.remove() }
        try router.make()
        let own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
        defer { close(own) }
        let other = open("/run/netns/\(router.router)", O_RDONLY | O_CLOEXEC)
        defer { close(other) }
        try enter(other)
        let result = Result { try body(router) }
        try enter(own)
        try result.get()
    }

    private init() {
        let name = "wgw-fw-\(getpid())"
        (peer, service, router) = (name + "-peer", name + "-service", name + "-router")
    }

    func ping(_ address: String, from host: String, source: String? = nil) throws -> Bool {
        let origin = source.map { ["-I", $0] } ?? []
        let words = ["ip", "netns", "exec", host, "ping", "-n", "-c", "1", "-W", "0.5"]
        return try Command.run(words + origin + [address]).status == 0
    }

    /// Sends what may be no proper packet of its protocol, as the peer.
    func send(
        _ content: [UInt8],
        of transportProtocol: UInt8,
        from source: String,
        to destination: String
    ) throws {
        let own = open("/run/netns/\(router)", O_RDONLY | O_CLOEXEC)
        defer { close(own) }
        let other = open("/run/netns/\(peer)", O_RDONLY | O_CLOEXEC)
        defer { close(other) }
        try Self.enter(other)
        defer { try? Self.enter(own) }
        let descriptor = socket(AF_INET, Int32(SOCK_RAW.rawValue), Int32(IPPROTO_RAW))
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, destination, &address.sin_addr)
        var from = in_addr()
        inet_pton(AF_INET, source, &from)
        // The kernel fills in length, number and checksum.
        let header: [UInt8] = [0x45, 0, 0, 0, 0, 0, 0, 0, 64, transportProtocol, 0, 0]
        let packet =
            header + withUnsafeBytes(of: from, Array.init)
            + withUnsafeBytes(of: address.sin_addr, Array.init) + content
        let sent = withUnsafeBytes(of: &address) { bytes in
            sendto(
                descriptor,
                packet,
                packet.count,
                0,
                bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(bytes.count)
            )
        }
        guard sent == packet.count else {
            throw Command.Failure(description: String(cString: strerror(errno)))
        }
    }

    private func make() throws {
        for host in [router, peer, service] {
            try Command.require("ip", "netns", "add", host)
            try run(host, "ip link set lo up")
        }
        try run(router, "sysctl -q -w net.ipv4.ip_forward=0")
        try run(router, "ip link add wgw0 type veth peer name eth0 netns \(peer)")
        try run(router, "ip link add up0 type veth peer name eth0 netns \(service)")
        try run(router, "ip link add lan0 type veth peer name lan1")
        for (device, address) in [
            ("wgw0", "100.64.0.1"), ("up0", "192.0.2.1"), ("lan0", "203.0.113.1"),
        ] {
            try run(router, "ip address add \(address)/24 dev \(device)")
            try run(router, "ip link set \(device) up")
        }
        for (host, addresses) in [
            (peer, ["100.64.0.2", "100.64.1.9"]), (service, ["192.0.2.10", "192.0.2.11"]),
        ] {
            for address in addresses { try run(host, "ip address add \(address)/24 dev eth0") }
            try run(host, "ip link set eth0 up")
        }
        try run(peer, "ip route add default via 100.64.0.1")
    }

    private func run(_ host: String, _ line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        try Command.require(["ip", "netns", "exec", host] + words)
    }

    private func remove() {
        for host in [router, peer, service] { _ = try? Command.run("ip", "netns", "del", host) }
    }

    /// Glibc's module leaves setns out.
    private static func enter(_ namespace: Int32) throws {
        typealias SetNamespace = @convention(c) (Int32, Int32) -> Int32
        guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "setns"),
            unsafeBitCast(symbol, to: SetNamespace.self)(namespace, 0) == 0
        else { throw Command.Failure(description: "The network namespace cannot be entered.") }
    }
}
