import DataPlane
import GatewayDomain
import GatewayService
import GatewayStore
import Logging
import NetAddress
import ServiceLifecycle
import ServiceTestSupport
import SystemIO
import TestSupport
import Testing
import TunnelTestSupport
import WireGuardCrypto
import WireGuardEngine

@testable import GatewayRuntime

@Suite("A node makes gateways of what the store says", .timeLimit(.minutes(10)))
struct NodeTests {
    @Test(
        "a created gateway is provisioned by the node, and answers the handshake of a created peer"
    )
    func handshake() async throws {
        let installation = try await NodeInstallation()
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
            let client = try await Client(
                privateKey: try #require(made.privateKey),
                gateway: created.publicKey,
                endpoint: try #require(Endpoint(created.endpoint.description))
            )
            defer { client.stop() }
            await client.call()
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
        let installation = try await NodeInstallation()
        let controlPlane = installation.controlPlane
        let blocker = try DataPlane(workers: 1)
        let blocking = DesiredGateway(
            id: .init(0),
            networkID: .init(0),
            configuration: GatewayConfiguration(privateKey: .random(), addresses: []),
            listen: ListenAddress(address: installation.address, port: installation.port)
        )
        #expect(await blocker.reconcile([.gateway(blocking)]).unopened.isEmpty)
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
    private let peer: DesiredPeer.ID

    init(privateKey: SecretKey, gateway: PublicKey, endpoint: Endpoint) async throws {
        dataPlane = try DataPlane(workers: 1)
        peer = .init(gateway)
        let own = DesiredGateway(
            id: .init(0),
            networkID: .init(0),
            configuration: GatewayConfiguration(privateKey: privateKey, addresses: []),
            listen: ListenAddress(address: IPAddress("127.0.0.1"), port: 0)
        )
        let desired = DesiredPeer(
            id: peer,
            gatewayID: own.id,
            configuration: PeerConfiguration(publicKey: gateway, endpoint: endpoint),
            prefixes: []
        )
        #expect(await dataPlane.reconcile([.gateway(own), .peer(desired)]).unopened.isEmpty)
    }

    func call() async { await dataPlane.call([peer]) }

    func stop() { dataPlane.shutdown() }
}
