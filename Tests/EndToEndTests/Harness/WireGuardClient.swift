import Foundation
import Glibc
import TestSupport

/// Debian's wireguard-go on a host of its own, set up as `wg-quick` would.
final class WireGuardClient {
    /// The first two messages of a handshake, in bytes of UDP payload (whitepaper, 5.4.2 and 5.4.3).
    static let initiationBytes = 148
    static let responseBytes = 92

    let link: Link
    private(set) var config: ClientConfig
    /// Unique on this machine: the control sockets of all namespaces are in one folder.
    let device: String
    private let process: BackgroundProcess

    var host: Namespace { link.client }
    /// The client's address inside the tunnel.
    var address: String { config.address }

    init(
        on link: Link,
        config: ClientConfig,
        mtu: Int = 1420,
        world: String,
        logs: URL
    ) async throws {
        self.link = link
        self.config = config
        device = "wg\(getpid())\(world)\(link.number)"
        process = try await WireGuardGo.start(device, on: link.client, logs: logs)
        try setUp(mtu: mtu)
    }

    /// When the newest handshake was complete, in seconds since 1970; nil before the first.
    func latestHandshake() throws -> Int? {
        let text = try host.run("wg", "show", device, "latest-handshakes")
        let time = text.split(whereSeparator: \.isWhitespace).last.flatMap { Int($0) }
        return time == 0 ? nil : time
    }

    /// Bytes of UDP payload since the client was started.
    func transfer() throws -> (received: Int, sent: Int) {
        let text = try host.run("wg", "show", device, "transfer")
        let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        return numbers.count == 2 ? (numbers[0], numbers[1]) : (0, 0)
    }

    /// What it said of every message of a handshake, among other things.
    var log: String { process.output + process.errors }

    /// Whether the other side began a handshake.
    var wasCalled: Bool { log.contains("Received handshake initiation") }

    /// The messages of handshakes that it refused, which its counters do not have, in bytes of UDP payload.
    var refusedBytes: Int {
        let log = log
        return log.ranges(of: "Received invalid response message").count * Self.responseBytes
            + log.ranges(of: "Received invalid initiation message").count * Self.initiationBytes
    }

    /// How many came without data, as after a handshake that the other side began.
    var keepalives: Int { log.ranges(of: "Receiving keepalive packet").count }

    /// Where the client sends to.
    func endpoint() throws -> String? {
        try host.run("wg", "show", device, "endpoints")
            .split(whereSeparator: \.isWhitespace).last.map(String.init)
    }

    /// Forgets all sessions, so that the next packet needs a new handshake.
    func forgetSessions() throws {
        try host.run("wg", "setconf", device, "/dev/stdin", input: config.textForSetconf)
    }

    /// From now on with another config of the same peer.
    func take(_ next: ClientConfig) throws {
        let known = Set(config.allowedIPs)
        config = next
        try forgetSessions()
        for network in next.allowedIPs where !known.contains(network) {
            try host.run("ip", "route", "add", network, "dev", device)
        }
    }

    /// Moves to another address and another port.
    func roam() throws {
        try link.roam()
        try host.run("wg", "set", device, "listen-port", "\(port() ^ 1)")
    }

    /// Where it sends from.
    func port() throws -> Int {
        let text = try host.run("wg", "show", device, "listen-port")
        guard let port = text.split(separator: "\n").first.flatMap({ Int($0) }) else {
            throw Command.Failure(description: "\(device) has no port: \(text)")
        }
        return port
    }

    /// Sends to another place from now on.
    func send(to endpoint: String) throws {
        let peers = try host.run("wg", "show", device, "peers").split(separator: "\n")
        for peer in peers {
            try host.run("wg", "set", device, "peer", String(peer), "endpoint", endpoint)
        }
    }

    func stop() { process.kill() }

    private func setUp(mtu: Int) throws {
        try forgetSessions()
        try host.run("ip", "address", "add", config.addressWithPrefix, "dev", device)
        try host.run("ip", "link", "set", device, "mtu", "\(mtu)", "up")
        for network in config.allowedIPs {
            try host.run("ip", "route", "add", network, "dev", device)
        }
    }
}
