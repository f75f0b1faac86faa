import EndToEndSupport
import Foundation
import SystemIO
import TestSupport
import Testing
import WireGuardEngine

@testable import DataPlane

@Suite(
    "Traffic through the interface behind a gateway",
    .serialized,
    .enabled(if: Privileges.allowTests)
)
struct EgressTrafficTests {
    private static let bytes = (0..<(6 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 9) }

    /// The hop limits of the answers to three echo requests, each of which is waited for: of several requests of one
    /// call, ping takes the last one for lost when its answer comes later than the pause between them.
    private func ping(
        _ address: String,
        from network: EgressNetwork,
        size: Int = 56
    ) throws -> [Int] {
        try (0..<3).compactMap { _ in
            let result = try network.run(
                in: network.client,
                "ping -n -c 1 -W \(patience.components.seconds) -s \(size) -M do \(address)"
            )
            return result.output.firstMatch(of: /ttl=(\d+)/).flatMap { Int($0.1) }
        }
    }

    private func withNetwork(
        _ body: (EgressNetwork) async throws -> Void
    ) async throws {
        let network = try EgressNetwork()
        defer { network.remove() }
        try await body(network)
    }

    @Test(
        "a client reaches a service behind the gateway's node: echo, and TCP whole in both directions",
        arguments: [(false, 1, true), (false, 2, false), (true, 1, false), (true, 2, true)]
    )
    func reach(isOwnClient: Bool, workers: Int, hasOffloads: Bool) async throws {
        try await withNetwork { network in
            let port = try await network.startNode(
                workers: workers,
                offloads: hasOffloads ? .all : []
            )
            if isOwnClient {
                try await network.startOwnClient(gatewayPort: port, workers: workers)
            } else {
                try network.startStockClient(gatewayPort: port)
            }
            // One hop is the service's host, one the node: the gateway takes none of its own.
            #expect(try ping(EgressNetwork.service, from: network) == [63, 63, 63])
            let fullSize = EgressNetwork.mtu - 28
            #expect(
                try ping(EgressNetwork.service, from: network, size: fullSize)
                    == [63, 63, 63]
            )
            #expect(try ping("10.60.0.1", from: network) == [64, 64, 64])

            let service = try await NamespaceThread.run(in: network.host) {
                try TCPEcho.serve(at: EgressNetwork.service)
            }
            let received = try await NamespaceThread.run(in: network.client) {
                try TCPEcho.exchange(Self.bytes, with: EgressNetwork.service, service)
            }
            #expect(received.count == Self.bytes.count)
            let isWhole = received == Self.bytes
            #expect(isWhole)

            // The same host by an address that no service names.
            #expect(try ping("203.0.113.2", from: network) == [])
            let drops = await network.drops()
            #expect(drops[.egressNotAllowed] == 3)
            #expect(drops.total == 3, "\(drops)")

            let counters = await network.interfaceCounters()
            #expect(counters.map(\.readPackets).reduce(0, +) > 1_000)
            #expect(counters.map(\.writtenPackets).reduce(0, +) > 1_000)
            #expect(counters.map(\.unwritten).reduce(0, +) == 0)
            #expect(counters.map(\.malformed).reduce(0, +) == 0)
            #expect(counters.map(\.refusedRuns).reduce(0, +) == 0)
        }
    }

    @Test(
        "the interface behind a gateway is gone when its data plane has given it up and it is shut"
    )
    func end() async throws {
        try await withNetwork { network in
            let port = try await network.startNode(workers: 2, offloads: .all)
            try network.startStockClient(gatewayPort: port)
            #expect(try ping(EgressNetwork.service, from: network) == [63, 63, 63])
            #expect(try network.run(in: network.node, "ip link show wgw0").status == 0)
            await network.stopNode()
            #expect(try network.run(in: network.node, "ip link show wgw0").status != 0)
        }
    }
}
