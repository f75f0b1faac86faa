import Foundation
import TestSupport

/// A host between the hosts of nodes, through which their packets go, each way with a delay of its own:
///
///       server 192.0.2.1 ──┐
///                          ways
///     far host 192.0.2.2 ──┤  │
///          another .3    ──┘  ways.py, which keeps packets for a while
///
/// Each way can be cut, without a word to its ends.
final class Ways {
    private let between: Namespace
    private var script: BackgroundProcess?
    private var count = 0
    private static let device = "ways0"
    /// Of packets that have not waited yet.
    private static let table = "100"

    /// - Parameters:
    ///   - hosts: each with the address that it is to have on the ways.
    ///   - delays: round trips in milliseconds.
    init(
        between hosts: KeyValuePairs<String, Namespace>,
        delays: [(String, String, Int)],
        of world: World
    ) async throws {
        between = try Namespace("\(world.label)-ways")
        do {
            try between.run(
                "sh",
                "-c",
                """
                echo 1 > /proc/sys/net/ipv4/ip_forward
                echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter
                """
            )
            for (address, host) in hosts { try connect(host, at: address) }
            let path = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "ways.py").path
            let words = delays.map { "\($0.0),\($0.1),\(Double($0.2) / 2)" }
            let script = try world.background(
                ["python3", path, Self.device] + words,
                on: between,
                name: "ways"
            )
            self.script = script
            let isThere = try await eventually { script.output.contains("ready") }
            guard isThere else { throw Command.Failure(description: script.errors) }
            try between.run("ip", "link", "set", Self.device, "up")
            try between.run(
                "ip",
                "route",
                "add",
                "default",
                "dev",
                Self.device,
                "table",
                Self.table
            )
        } catch {
            remove()
            throw error
        }
    }

    func remove() {
        script?.kill()
        try? between.remove()
    }

    /// No packet gets from one to the other any more.
    func cut(_ one: String, _ other: String) throws {
        try between.run(
            "nft",
            """
            table ip cut {
                chain forward {
                    type filter hook forward priority 0;
                    ip saddr \(one) ip daddr \(other) drop
                    ip saddr \(other) ip daddr \(one) drop
                }
            }
            """
        )
    }

    func mend() throws { try between.run("nft", "delete table ip cut") }

    private func connect(_ host: Namespace, at address: String) throws {
        count += 1
        let device = "way\(count)"
        try between.run(
            "sh",
            "-c",
            """
            ip link add \(device) type veth peer name ways netns \(host.name)
            ip address add 10.203.\(count).1/30 dev \(device)
            ip link set \(device) up
            ip route add \(address)/32 via 10.203.\(count).2
            ip rule add iif \(device) table \(Self.table)
            """
        )
        try host.run(
            "sh",
            "-c",
            """
            set -e
            echo 0 > /proc/sys/net/ipv4/ip_forward
            ip address add 10.203.\(count).2/30 dev ways
            ip link set ways up
            ip address show dev lo | grep -q '\(address)/32' || ip address add \(address)/32 dev lo
            ip route add 192.0.2.0/24 via 10.203.\(count).1 src \(address)
            """
        )
    }
}
