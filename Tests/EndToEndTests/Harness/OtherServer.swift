import Foundation
import Glibc
import TestSupport

/// Debian's wireguard-go as a server, set up as `wg-quick` would.
final class OtherServer {
    private let host: Namespace
    private let device: String
    private let process: BackgroundProcess

    /// - Parameter file: the text of its config file.
    init(
        on stage: Stage,
        file: String,
        address: String,
        networks: [String]
    ) async throws {
        host = stage.topology.server
        device = "old\(getpid())\(stage.label)"
        process = try await WireGuardGo.start(device, on: host, logs: stage.folder)
        let lines = file.split(separator: "\n").filter { !$0.hasPrefix("Address") }
        try host.run(
            "wg",
            "setconf",
            device,
            "/dev/stdin",
            input: lines.joined(separator: "\n") + "\n"
        )
        try host.run("ip", "address", "add", address, "dev", device)
        try host.run("ip", "link", "set", device, "mtu", "1420", "up")
        for network in networks { try host.run("ip", "route", "add", network, "dev", device) }
        try host.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
    }

    /// Where it hears its peers, by their public keys.
    func endpoints() throws -> [String: String] {
        let lines = try host.run("wg", "show", device, "endpoints").split(separator: "\n")
        let pairs = lines.map { $0.split(separator: "\t").map(String.init) }
        return Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) })
    }

    func stop() { process.kill() }
}
