import EndToEndSupport
import Foundation
import GatewayDomain
import NetAddress
import NodeProtocol
import Synchronization
import SystemIO
import TestSupport
import Testing

@testable import GatewayRuntime

@Suite(
    "The way out of a node outlives what other programs do to its device",
    .serialized,
    .enabled(if: Privileges.allowTests, "skipped: \(Privileges.lacking ?? "")")
)
struct KernelInterfaceTests {
    private static let range = "100.64.7.0/24"

    /// The body runs in a network namespace of its own, where the device is.
    private func withDevice(
        publicAddress: @escaping @Sendable () -> IPv4Address? = { nil },
        _ body: @escaping @Sendable (KernelInterface, TUNDevice, EgressDemand) throws -> Void
    ) async throws {
        let pool = try IPv4Prefix("100.64.0.0/10")
        let demand = EgressDemand(
            mapped: [try IPv4Prefix(Self.range)],
            services: [],
            hasInternet: true,
            mtu: 1420
        )
        try await NamespaceThread.run {
            try TemporaryDirectory.with { folder in
                let kernel = KernelInterface(
                    pool: pool,
                    dataDirectory: folder.path,
                    queues: 2,
                    publicAddress: publicAddress
                )
                defer { kernel.remove() }
                try body(kernel, try kernel.install(demand), demand)
            }
        }
    }

    private static func hasRoute(_ device: TUNDevice) throws -> Bool {
        try Command.require("ip", "route").contains("\(range) dev \(device.name)")
    }

    @Test("a device that was switched off is on again, with its routes")
    func switchedOff() async throws {
        try await withDevice { kernel, device, _ in
            #expect(try Self.hasRoute(device))
            #expect(try kernel.verify())
            try Command.require("ip", "link", "set", device.name, "down")
            #expect(try !Self.hasRoute(device))
            #expect(try !kernel.verify())
            #expect(try Self.hasRoute(device))
            try Command.require("ip", "route", "del", Self.range)
            #expect(try !kernel.verify())
            #expect(try Self.hasRoute(device))
            #expect(try kernel.verify())
        }
    }

    @Test("a server leaves the routes of another one with the same pool alone, and says so")
    func samePool() async throws {
        try await withDevice { kernel, device, demand in
            try TemporaryDirectory.with { folder in
                let pool = try IPv4Prefix("100.64.0.0/10")
                let other = KernelInterface(pool: pool, dataDirectory: folder.path, queues: 2)
                let failure = #expect(throws: KernelInterface.Failure.self) {
                    _ = try other.install(demand)
                }
                other.remove()
                let reason = try #require(failure).description
                #expect(reason.contains("\(Self.range) of the egress pool is routed"))
                #expect(reason.contains("through \(device.name) already"))
                #expect(try Self.hasRoute(device))
                #expect(try kernel.verify())
            }
        }
    }

    @Test("a machine without a default route says so, and no longer once it has one")
    func noDefaultRoute() async throws {
        try await withDevice { kernel, _, _ in
            guard case .open(nil, let reason) = try kernel.wayOut() else {
                Issue.record("\(try kernel.wayOut())")
                return
            }
            #expect(reason?.contains("has no default route") == true)
            try Command.require("ip", "link", "add", "way", "type", "veth", "peer", "far")
            try Command.require("ip", "link", "set", "way", "up")
            try Command.require("ip", "link", "set", "far", "up")
            try Command.require("ip", "route", "add", "default", "dev", "way", "table", "77")
            try Command.require("ip", "rule", "add", "table", "77")
            #expect(try kernel.wayOut() == .open(obstacle: nil), "a rule leads there")
            try Command.require("ip", "rule", "del", "table", "77")
            try Command.require("ip", "route", "add", "default", "dev", "way")
            #expect(try kernel.wayOut() == .open(obstacle: nil))
        }
    }

    @Test("packets to the internet leave in the name of the node's address, also when that changes")
    func publicAddress() async throws {
        let (first, second) = (try IPv4Prefix("198.51.100.7/32"), try IPv4Prefix("203.0.113.9/32"))
        let address = Mutex(first.network)
        try await withDevice(publicAddress: { address.withLock(\.self) }) { kernel, _, _ in
            try Command.require("ip", "link", "set", "lo", "up")
            func isNamed(_ prefix: IPv4Prefix) throws -> Bool {
                try kernel.verify()
                    && Command.require("nft", "list", "ruleset").contains(
                        "\(prefix.network)"
                    )
            }
            #expect(try !isNamed(first), "the machine does not have it")
            try Command.require("ip", "address", "add", "\(first)", "dev", "lo")
            #expect(try isNamed(first))
            try Command.require("ip", "address", "add", "\(second)", "dev", "lo")
            address.withLock { $0 = second.network }
            #expect(try isNamed(second))
            #expect(try !isNamed(first))
        }
    }

    @Test("another address of the node is tried again where the kernel did not take it")
    func publicAddressAgain() async throws {
        let prefix = try IPv4Prefix("198.51.100.7/32")
        try await withDevice(publicAddress: { prefix.network }) { kernel, device, _ in
            try Command.require("ip", "link", "set", "lo", "up")
            try Command.require("ip", "address", "add", "\(prefix)", "dev", "lo")
            func rename(_ name: String, _ next: String) throws {
                try Command.require("ip", "link", "set", name, "down")
                try Command.require("ip", "link", "set", name, "name", next)
            }
            // Nothing can be switched on for a device that is not there.
            try rename(device.name, "elsewhere")
            #expect(throws: (any Error).self) { try kernel.verify() }
            try rename("elsewhere", device.name)
            _ = try kernel.verify()
            #expect(try Command.require("nft", "list", "ruleset").contains("\(prefix.network)"))
        }
    }

    @Test("a device that was removed is missed, and another one is made after it")
    func removed() async throws {
        try await withDevice { kernel, device, demand in
            #expect(kernel.hasDevice)
            try Command.require("ip", "link", "del", device.name)
            #expect(!kernel.hasDevice)
            kernel.remove()
            let other = try kernel.install(demand)
            #expect(kernel.hasDevice)
            #expect(try Self.hasRoute(other))
        }
    }
}
