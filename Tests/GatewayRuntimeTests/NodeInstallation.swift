import DataPlane
import GatewayDomain
import GatewayService
import GatewayStore
import Logging
import NetAddress
import NodeProtocol
import ServiceTestSupport
import StoreTestSupport
import Testing

@testable import GatewayRuntime

/// A control plane with its node, both real: a store, sockets on loopback, worker threads.
struct NodeInstallation {
    let controlPlane: ControlPlane
    let caller: Caller
    /// One of the 2²⁴ addresses that lead back to this machine, so that no other has this port of it.
    let address = IPAddress.v4(IPv4Address(bits: .random(in: 0x7f01_0000...0x7ffe_ffff)))
    let port: UInt16 = 20_000

    init() async throws {
        let region = try Region.parse("local", at: .now())
        let store = try await TestStore.make()
        controlPlane = ControlPlane(
            store: store,
            settings: InstallationSettings(
                regions: [region],
                publicHost: .address(address),
                portRange: port...port
            ),
            masterKey: .random(),
        )
        let bootstrap = try await controlPlane.prepareInstallation(firstKey: nil)
        caller = try await .admin(of: bootstrap.organizationID, at: .now(), in: store)
    }

    /// Runs the node while `body` runs.
    func withNode(_ body: () async throws -> Void) async throws {
        let dataPlane = try DataPlane(workers: 1)
        let node = Node(
            feed: controlPlane.nodeFeed,
            dataPlane: dataPlane,
            bindAddress: address,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        #expect(!node.isReady, "it has not looked yet")
        let running = Task { try await node.run() }
        do {
            try await body()
            #expect(node.isReady)
        } catch {
            running.cancel()
            _ = try? await running.value
            throw error
        }
        running.cancel()
        try await running.value
    }

    func makeGateway() async throws -> Gateway {
        var network = NewNetwork()
        network.name = .value("network")
        let made = try await controlPlane.perform(.createNetwork(network), by: caller)
        var gateway = NewGateway()
        gateway.networkID = .value(made.id)
        gateway.regionCode = .value("local")
        return try await controlPlane.perform(.createGateway(gateway), by: caller)
    }
}
