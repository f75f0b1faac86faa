import DataPlane
import GatewayDomain
import GatewayService
import GatewayStore
import Logging
import NetAddress
import ServiceLifecycle
import ServiceTestSupport
import TestSupport
import Testing
import TunnelTestSupport
import WireGuardCrypto
import WireGuardEngine

@testable import GatewayRuntime

/// A control plane with its node, both real: a store, sockets on loopback, worker threads.
private struct Installation {
    let controlPlane: ControlPlane
    let caller: Caller
    /// One of the 2²⁴ addresses that lead back to this machine, so that no other has this port of it.
    let address = IPAddress.v4(IPv4Address(bits: .random(in: 0x7f01_0000...0x7ffe_ffff)))
    let port: UInt16 = 20_000

    init() async throws {
        let region = try Region.parse("local", at: .now())
        controlPlane = ControlPlane(
            store: try .inMemory(),
            settings: InstallationSettings(
                regions: [region],
                publicHost: .address(address),
                portRange: port...port
            ),
            masterKey: .random(),
        )
        let bootstrap = try await controlPlane.prepareInstallation(firstKey: nil)
        caller = .admin(of: bootstrap.organizationID, at: .now())
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

@Suite("A node makes gateways of what the store says", .timeLimit(.minutes(10)))
struct NodeTests {
    @Test(
        "a created gateway is provisioned by the node, and answers the handshake of a created peer"
    )
    func handshake() async throws {
        let installation = try await Installation()
        let controlPlane = installation.controlPlane
        try await installation.withNode {
            let created = try await installation.makeGateway()
            #expect(created.status == .provisioning)
            let provisioned = try await eventual {
                let found = try await controlPlane.showGateway(created.id, by: installation.caller)
                return found.status == .provisioned ? found : nil
            }
            #expect(provisioned != nil)

            var request = NewPeer()
            request.gatewayID = .value(created.id)
            let made = try await controlPlane.perform(.createPeer(request), by: installation.caller)
            let client = try Client(
                privateKey: try #require(made.privateKey),
                gateway: created.publicKey,
                endpoint: try #require(Endpoint(created.endpoint.description))
            )
            defer { client.stop() }
            client.call()
            // A client that was faster than the reconcile loop sends its initiation again after five
            // seconds.
            let seen = try await eventual {
                try await controlPlane.showPeer(made.peer.id, by: installation.caller)
                    .activity.lastSeen
            }
            #expect(seen != nil)
        }
    }

    @Test("a gateway whose port is busy says why, and is provisioned once the port is free")
    func busyPort() async throws {
        let installation = try await Installation()
        let controlPlane = installation.controlPlane
        let blocker = try DataPlane(workers: 1)
        try blocker.openGateway(
            GatewayHandle(slot: 0, generation: 1),
            GatewayConfiguration(
                privateKey: .random(),
                addresses: []
            ),
            listen: ListenAddress(address: installation.address, port: installation.port),
            placement: 0,
            then: {}
        )
        try await installation.withNode {
            let created = try await installation.makeGateway()
            let reason = try await eventual {
                try await controlPlane.showGateway(created.id, by: installation.caller).statusReason
            }
            #expect(reason?.contains("\(installation.port)") == true)
            blocker.shutdown()
            let provisioned = try await eventual {
                let found = try await controlPlane.showGateway(created.id, by: installation.caller)
                return found.status == .provisioned && found.statusReason == nil ? found : nil
            }
            #expect(provisioned != nil)
        }
    }
}

/// A client with a real socket: a data plane of its own whose one peer is the gateway.
private struct Client {
    private let dataPlane: DataPlane
    private let peer = PeerHandle(slot: 0, generation: 1)

    init(privateKey: SecretKey, gateway: PublicKey, endpoint: Endpoint) throws {
        dataPlane = try DataPlane(workers: 1)
        let own = GatewayHandle(slot: 0, generation: 1)
        try dataPlane.openGateway(
            own,
            GatewayConfiguration(privateKey: privateKey, addresses: []),
            listen: ListenAddress(address: IPAddress("127.0.0.1"), port: 0),
            placement: 0,
            then: {}
        )
        dataPlane.apply(
            [
                .installPeer(
                    peer,
                    on: own,
                    PeerConfiguration(publicKey: gateway, endpoint: endpoint)
                )
            ],
            placement: 0,
            then: {}
        )
    }

    func call() { dataPlane.apply([.initiateHandshake(peer)], placement: 0, then: {}) }

    func stop() { dataPlane.shutdown() }
}
