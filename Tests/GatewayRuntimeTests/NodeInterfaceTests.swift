import DataPlane
import EndToEndSupport
import Foundation
import Logging
import NetAddress
import Synchronization
import SystemIO
import TestSupport
import Testing

@testable import GatewayRuntime

@Suite(
    "A node's way out is there while a gateway asks for it",
    .serialized,
    .enabled(if: Privileges.allowTests, "skipped: \(Privileges.lacking ?? "")")
)
struct NodeInterfaceTests {
    /// The kernel of a host of its own: each call is made on a thread, which goes there first.
    private final class Kernel: NodeKernel {
        let host: String
        private let inner: KernelInterface
        private let failures = Mutex(0)
        private let tellsNews: Bool

        init(host: String, dataDirectory: String, tellsNews: Bool) throws {
            self.host = host
            self.tellsNews = tellsNews
            inner = KernelInterface(
                pool: try IPv4Prefix("100.64.0.0/10"),
                dataDirectory: dataDirectory,
                queues: 1
            )
        }

        /// The next installations fail.
        func fail(_ count: Int) { failures.withLock { $0 = count } }

        func removeLeftovers() throws { try there { try $0.removeLeftovers() } }

        func install(_ demand: EgressDemand) throws -> TUNDevice {
            let fails = failures.withLock { left in
                defer { left = max(0, left - 1) }
                return left > 0
            }
            if fails { throw KernelInterface.Failure(description: "There is no right.") }
            return try there { try $0.install(demand) }
        }

        var hasDevice: Bool { (try? there { $0.hasDevice }) ?? false }
        func verify() throws -> Bool { try there { try $0.verify() } }
        func news() throws -> KernelNews? { tellsNews ? try there { try $0.news() } : nil }
        func wayOut() throws -> WayOut { try there { try $0.wayOut() } }
        func drops() throws -> [String: Int] { try there { try $0.drops() } }
        func remove() { try? there { $0.remove() } }

        private func there<Value>(_ body: (KernelInterface) throws -> Value) throws -> Value {
            try NamespaceThread.enter(host)
            return try body(inner)
        }
    }

    private final class World {
        let kernel: Kernel
        let drops = FirewallDrops()
        var interface: NodeInterface

        init(_ kernel: Kernel, _ dataPlane: DataPlane, pause: Duration) {
            self.kernel = kernel
            interface = NodeInterface(
                kernel,
                dataPlane,
                drops: drops,
                pause: pause,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        }

        func run(_ words: String..., input: String? = nil) throws -> String {
            try Command.require(["ip", "netns", "exec", kernel.host] + words, input: input)
        }

        /// The devices and tables that are there.
        func state() throws -> (devices: Int, tables: Int) {
            (
                try run("ip", "-o", "link", "show", "type", "tun").split(separator: "\n").count,
                try run("nft", "list", "tables").split(separator: "\n")
                    .count { $0.contains("wgw_") }
            )
        }
    }

    private static func demand(internet: Bool = true) throws -> EgressDemand {
        EgressDemand(
            mapped: [try IPv4Prefix("100.64.7.0/24")],
            services: [try IPv4Prefix("198.51.100.0/24")],
            hasInternet: internet,
            mtu: 1420
        )
    }

    /// - Parameter hearsNews: what is changed is found when the kernel tells of it. Otherwise whenever the interface is
    ///   asked, and only then.
    private func withWorld(
        hearsNews: Bool = false,
        _ body: (World) async throws -> Void
    ) async throws {
        let folder = try TemporaryDirectory()
        let host = "wgw-ni-\(getpid())-\(UInt16.random(in: 0 ... .max))"
        try Command.require("ip", "netns", "add", host)
        // Packets leave by a default route.
        try Command.require(
            "ip",
            "-n",
            host,
            "link",
            "add",
            "out",
            "type",
            "veth",
            "peer",
            "name",
            "far"
        )
        try Command.require("ip", "-n", host, "link", "set", "far", "up")
        try Command.require("ip", "-n", host, "address", "add", "192.0.2.2/24", "dev", "out")
        try Command.require("ip", "-n", host, "link", "set", "out", "up")
        try Command.require("ip", "-n", host, "route", "add", "default", "via", "192.0.2.1")
        defer { _ = try? Command.run("ip", "netns", "del", host) }
        let dataPlane = try DataPlane(workers: 1)
        defer { dataPlane.shutdown() }
        let world = World(
            try Kernel(host: host, dataDirectory: folder.path, tellsNews: hearsNews),
            dataPlane,
            pause: hearsNews ? .seconds(3_600) : .zero
        )
        try await body(world)
        await world.interface.remove()
        #expect(try world.state() == (0, 0))
    }

    @Test("device and table come with the first gateway that leads out, and go with the last")
    func life() async throws {
        try await withWorld { world in
            await world.interface.prepare(nil)
            #expect(world.interface.wayOut == .unneeded)
            #expect(try world.state() == (0, 0))
            let demand = try Self.demand()
            await world.interface.prepare(demand)
            await world.interface.finish(demand)
            #expect(world.interface.wayOut == .open(obstacle: nil))
            #expect(try world.state() == (1, 1))
            await world.interface.prepare(nil)
            #expect(try world.state() == (1, 1), "gateways may still use it")
            await world.interface.finish(nil)
            #expect(world.interface.wayOut == .unneeded)
            #expect(try world.state() == (0, 0))
        }
    }

    @Test("a device or a table that another program removes is there again at the next look")
    func removed() async throws {
        try await withWorld { world in
            let demand = try Self.demand()
            await world.interface.prepare(demand)
            _ = try world.run("ip", "link", "del", "dev", try deviceName(world))
            #expect(try world.state() == (0, 1))
            await world.interface.prepare(demand)
            #expect(try world.state() == (1, 1))
            _ = try world.run("nft", "flush", "ruleset")
            #expect(try world.state() == (1, 0))
            await world.interface.prepare(demand)
            #expect(try world.state() == (1, 1))
            #expect(world.interface.wayOut == .open(obstacle: nil))
        }
    }

    @Test("a table or a route that another program removes is there again without a look")
    func news() async throws {
        try await withWorld(hearsNews: true) { world in
            await world.interface.prepare(try Self.demand())
            for _ in 0..<3 {
                _ = try world.run("nft", "flush", "ruleset")
                #expect(try await eventually { try world.state() == (1, 1) })
            }
            let device = try deviceName(world)
            _ = try world.run("ip", "link", "set", device, "down")
            #expect(
                try await eventually {
                    try world.run("ip", "route").contains("100.64.7.0/24 dev \(device)")
                }
            )
        }
    }

    private func deviceName(_ world: World) throws -> String {
        let line = try world.run("ip", "-o", "link", "show", "type", "tun")
        return String(try #require(line.firstMatch(of: /^\d+: ([^:@]+)/)).1)
    }

    @Test("what fails is tried again, and its reason is told meanwhile")
    func failure() async throws {
        try await withWorld { world in
            let demand = try Self.demand()
            world.kernel.fail(2)
            for _ in 0..<2 {
                await world.interface.prepare(demand)
                #expect(world.interface.wayOut == .closed(reason: "There is no right."))
            }
            await world.interface.prepare(demand)
            #expect(world.interface.wayOut == .open(obstacle: nil))
            world.kernel.fail(1)
            await world.interface.prepare(try Self.demand(internet: false))
            #expect(world.interface.wayOut == .closed(reason: "There is no right."))
            #expect(try world.state() == (0, 0), "no worker reads a device that fails")
            await world.interface.prepare(try Self.demand(internet: false))
            #expect(try world.state() == (1, 1))
        }
    }

    @Test(
        "rules of other programs that drop what leaves are told, and no longer when they are gone"
    )
    func obstacle() async throws {
        try await withWorld { world in
            let demand = try Self.demand()
            await world.interface.prepare(demand)
            let rules = """
                table ip other {
                    chain forward { type filter hook forward priority filter; policy drop; }
                }

                """
            _ = try world.run("nft", "-f", "-", input: rules)
            await world.interface.prepare(demand)
            guard case .open(let obstacle?, _) = world.interface.wayOut else {
                Issue.record("\(world.interface.wayOut)")
                return
            }
            #expect(obstacle.contains("other"), "\(obstacle)")
            _ = try world.run("nft", "delete", "table", "ip", "other")
            await world.interface.prepare(demand)
            #expect(world.interface.wayOut == .open(obstacle: nil))
        }
    }

    @Test("what the table drops is counted by its rules, until the table goes")
    func drops() async throws {
        try await withWorld { world in
            let demand = try Self.demand()
            await world.interface.prepare(demand)
            _ = try world.run("ip", "link", "set", "lo", "up")
            // Unsolicited, from this host itself: the table lets only answers into the device.
            _ = try? world.run("ping", "-n", "-c", "1", "-W", "0.1", "100.64.7.2")
            await world.interface.prepare(demand)
            #expect(world.drops.byCounter["unsolicited"] == 1, "\(world.drops.byCounter)")
            await world.interface.finish(nil)
            #expect(world.drops.byCounter.isEmpty)
        }
    }
}
