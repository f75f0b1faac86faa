import EndToEndSupport
import Foundation
import NetAddress
import SystemIO
import TestSupport
import TunnelTestSupport
import WireGuardCrypto
import WireGuardEngine

@testable import DataPlane

/// Three hosts in namespaces: a client, the node of a gateway, and behind it a host that has the service
/// 198.51.100.7. The gateway's peers have 10.60.0.0/24, and 100.64.7.0/24 outside of the tunnel.
///
///     client 10.50.0.2 ── 10.50.0.1 node 203.0.113.1 ── 203.0.113.2 service
final class EgressNetwork {
    static let service = "198.51.100.7"
    static let mtu = 1_420
    private static let gateway = GatewayHandle(slot: 0, generation: 1)
    private static let peer = PeerHandle(slot: 0, generation: 1)

    /// The client's interface: unique on this machine, as its control socket is not in the namespace.
    private let device = "dp\(UInt32.random(in: 0 ... .max))"
    let client: String
    let node: String
    let host: String
    let clientKey = SecretKey.random()
    let nodeKey = SecretKey.random()
    private var running: [(plane: DataPlane, device: TUNDevice)] = []

    init() throws {
        let prefix = "wgw-dp-\(getpid())-\(UInt16.random(in: 0 ... .max))"
        (client, node, host) = ("\(prefix)-c", "\(prefix)-n", "\(prefix)-h")
        for name in [client, node, host] {
            try Command.require("ip", "netns", "add", name)
            try run(in: name, "ip link set lo up")
        }
        try connect(client, "10.50.0.2/24", node, "10.50.0.1/24", "outer")
        try connect(node, "203.0.113.1/24", host, "203.0.113.2/24", "inner")
        try run(in: host, "ip address add \(Self.service)/32 dev lo")
        try run(in: host, "ip route add 100.64.0.0/10 via 203.0.113.1")
        try run(in: node, "ip route add \(Self.service)/32 via 203.0.113.2")
        try run(in: node, "sysctl -qw net.ipv4.ip_forward=1")
    }

    private func connect(
        _ first: String,
        _ firstAddress: String,
        _ second: String,
        _ secondAddress: String,
        _ name: String
    ) throws {
        try run(in: first, "ip link add \(name) type veth peer name \(name) netns \(second)")
        for (place, address) in [(first, firstAddress), (second, secondAddress)] {
            try run(in: place, "ip address add \(address) dev \(name)")
            try run(in: place, "ip link set \(name) up")
        }
    }

    @discardableResult
    func run(in name: String, _ command: String) throws -> Command.Result {
        let words = ["ip", "netns", "exec", name] + command.split(separator: " ").map(String.init)
        return try Command.run(words)
    }

    /// A data plane on the node, with the interface behind its gateway. Returns the gateway's port.
    func startNode(workers: Int, offloads: TUNDevice.Offloads) async throws -> UInt16 {
        let (key, client) = (nodeKey, X25519.publicKey(of: clientKey))
        let (openings, opening) = AsyncStream<Void>.makeStream()
        let (plane, device, port) = try await NamespaceThread.run(in: node) {
            let netlink = try NetlinkSocket()
            let device = try TUNDevice(queues: workers, offloads: offloads)
            try netlink.change(interface: device.interface, mtu: UInt32(Self.mtu), isUp: true)
            try netlink.add(
                SystemRoute(to: try IPPrefix("100.64.7.0/24"), interface: device.interface)
            )
            let plane = try DataPlane(workers: workers, pinning: .never)
            let port = try plane.openGateway(
                Self.gateway,
                GatewayConfiguration(
                    privateKey: key,
                    addresses: [try InterfaceAddress("10.60.0.1/24")],
                    mtu: Self.mtu
                ),
                listen: ListenAddress(address: IPAddress("10.50.0.1"), port: 0),
                placement: 0
            ) {
                opening.yield()
            }
            return (plane, device, port)
        }
        for await _ in openings { break }
        let permissions = [EgressPermission(try IPPrefix("\(Self.service)/32"))]
        let egress = EgressConfiguration(
            subnet: try IPv4Prefix("10.60.0.0/24"),
            mappedRange: try IPv4Prefix("100.64.7.0/24"),
            services: permissions
        )
        let view = NetworkView(
            routes: [
                (try IPPrefix("10.60.0.2/32"), .peer(Self.peer)),
                (try IPPrefix("10.60.0.1/32"), .gateway(Self.gateway)),
            ],
            blocks: [try IPPrefix("10.60.0.0/24")],
            egress: egress.map { [(Self.gateway, $0)] } ?? []
        )
        await plane.apply(
            [
                .installPeer(
                    Self.peer,
                    on: Self.gateway,
                    PeerConfiguration(publicKey: client)
                ),
                .publish(view, to: [Self.gateway]),
            ],
            placement: 0
        )
        if offloads.isEmpty { for queue in device.queues { queue.stopJoining(.all) } }
        await plane.attach(device)
        running.append((plane, device))
        return port
    }

    /// A stock WireGuard client, as it would be on any host.
    func startStockClient(gatewayPort: UInt16) throws {
        let keys = try TemporaryDirectory()
        let file = keys.url.path + "/key"
        try clientKey.base64.write(toFile: file, atomically: true, encoding: .utf8)
        try Command.require("ip", "netns", "exec", client, "wireguard-go", device)
        let node = X25519.publicKey(of: nodeKey).base64
        try Command.require(
            ["ip", "netns", "exec", client, "wg", "set", device, "private-key", file, "peer", node]
                + ["allowed-ips", "10.60.0.0/24,198.51.100.0/24,203.0.113.0/24"]
                + ["endpoint", "10.50.0.1:\(gatewayPort)"]
        )
        try run(in: client, "ip address add 10.60.0.2/32 dev \(device)")
        try run(in: client, "ip link set \(device) mtu \(Self.mtu) up")
        for prefix in ["10.60.0.0/24", "198.51.100.0/24", "203.0.113.0/24"] {
            try run(in: client, "ip route add \(prefix) dev \(device)")
        }
    }

    /// A data plane of ours in the place of a stock client: its gateway's host has the interface.
    func startOwnClient(gatewayPort: UInt16, workers: Int) async throws {
        let (key, node) = (clientKey, X25519.publicKey(of: nodeKey))
        let prefixes = ["10.60.0.0/24", "198.51.100.0/24", "203.0.113.0/24"]
        let (openings, opening) = AsyncStream<Void>.makeStream()
        let (plane, device) = try await NamespaceThread.run(in: client) {
            let netlink = try NetlinkSocket()
            let device = try TUNDevice(queues: workers)
            let own = try InterfaceAddress("10.60.0.2/32")
            try netlink.add(own.address, length: own.length, to: device.interface)
            try netlink.change(interface: device.interface, mtu: UInt32(Self.mtu), isUp: true)
            for prefix in prefixes {
                try netlink.add(
                    SystemRoute(to: try IPPrefix(prefix), interface: device.interface)
                )
            }
            let plane = try DataPlane(workers: workers, pinning: .never)
            try plane.openGateway(
                Self.gateway,
                GatewayConfiguration(
                    privateKey: key,
                    addresses: [own],
                    mtu: Self.mtu,
                    localDelivery: .interface
                ),
                listen: ListenAddress(port: 0),
                placement: 0
            ) {
                opening.yield()
            }
            return (plane, device)
        }
        for await _ in openings { break }
        await plane.apply(
            [
                .installPeer(
                    Self.peer,
                    on: Self.gateway,
                    PeerConfiguration(
                        publicKey: node,
                        endpoint: Endpoint("10.50.0.1:\(gatewayPort)")
                    )
                ),
                .publish(
                    NetworkView(
                        routes: try prefixes.map { (try IPPrefix($0), .peer(Self.peer)) }
                    ),
                    to: [Self.gateway]
                ),
            ],
            placement: 0
        )
        await plane.attach(device, of: Self.gateway)
        running.append((plane, device))
    }

    /// Of the node.
    func drops() async -> DropCounters {
        var drops = DropCounters()
        for report in await running[0].plane.reports() {
            for counters in report.drops.values { drops = drops + counters }
        }
        return drops
    }

    func interfaceCounters() async -> [IOCounters.Interface] {
        await running[0].plane.reports().map(\.io.interface)
    }

    /// Stops the node's part; its interface is gone afterwards.
    func stopNode() async {
        let (plane, device) = running.removeFirst()
        await plane.detachInterface()
        plane.shutdown()
        device.shut()
    }

    func remove() {
        for (plane, device) in running {
            plane.shutdown()
            device.shut()
        }
        for name in [client, node, host] {
            let pids = (try? Command.run("ip", "netns", "pids", name).lines) ?? []
            for pid in pids.compactMap({ Int32($0) }) { kill(pid, SIGKILL) }
            _ = try? Command.run("ip", "netns", "del", name)
        }
    }
}
