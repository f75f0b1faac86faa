import Foundation
import Glibc
import TestSupport

/// Debian's wireguard-go on a host of its own, set up as `wg-quick` would.
final class WireGuardClient {
    let link: Link
    let config: ClientConfig
    /// Unique on this machine: the control sockets of all namespaces are in one folder.
    let device: String
    private var process: BackgroundProcess

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
        let command = link.client.command(
            ["env", "LOG_LEVEL=verbose", "wireguard-go", "--foreground", device]
        )
        process = try BackgroundProcess(command, logs: logs, name: device)
        // Before it has its device, it stands still for good now and then where the machine is busy.
        if try await !isUp(within: patience / 4) {
            process.kill()
            process = try BackgroundProcess(command, logs: logs, name: device)
        }
        try await start(mtu: mtu)
    }

    /// When the newest handshake was complete, in seconds since 1970; nil before the first.
    func latestHandshake() throws -> Int? {
        let text = try host.run("wg", "show", device, "latest-handshakes")
        let time = text.split(whereSeparator: \.isWhitespace).last.flatMap { Int($0) }
        return time == 0 ? nil : time
    }

    /// What it said of every message of a handshake, among other things.
    var log: String { process.output + process.errors }

    /// Whether the other side began a handshake.
    var wasCalled: Bool { log.contains("Received handshake initiation") }

    /// Where the client sends to.
    func endpoint() throws -> String? {
        try host.run("wg", "show", device, "endpoints")
            .split(whereSeparator: \.isWhitespace).last.map(String.init)
    }

    /// Forgets all sessions, so that the next packet needs a new handshake.
    func forgetSessions() throws {
        try host.run("wg", "setconf", device, "/dev/stdin", input: config.textForSetconf)
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

    private func start(mtu: Int) async throws {
        guard try await isUp(within: patience) else {
            throw Command.Failure(description: "wireguard-go did not start: \(process.errors)")
        }
        try forgetSessions()
        try host.run("ip", "address", "add", config.addressWithPrefix, "dev", device)
        try host.run("ip", "link", "set", device, "mtu", "\(mtu)", "up")
        for network in config.allowedIPs {
            try host.run("ip", "route", "add", network, "dev", device)
        }
    }

    private func isUp(within limit: Duration) async throws -> Bool {
        try await eventually(within: limit) {
            try self.host.attempt("wg", "show", self.device).status == 0
        }
    }
}
