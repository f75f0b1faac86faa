import DataPlane
import HubRuntime
import NetAddress
import SystemIO
import TestSupport
import WireGuardCrypto
import WireGuardEngine

@testable import LoadGenerator

/// A data plane with the gateway of a bench directory, on a free port of the loopback address.
struct LoopbackHub {
    let endpoint: Endpoint
    let gateways: PairSides<PublicKey>
    let peers: [BenchDirectory.Peer]
    private let plane: DataPlane

    init(pairs: Int, workers: Int, mtu: Int = 1420) async throws {
        let temporary = try TemporaryDirectory()
        defer { withExtendedLifetime(temporary) {} }
        let directory = BenchDirectory(temporary.path)
        let subnet = try IPv4Prefix("10.64.0.0/15")
        try directory.write(
            try BenchPlan(pairs: pairs, listenPort: 1, subnet: subnet, extraRoutes: 16)
        )
        (gateways, peers) = try directory.read(pairs: nil)
        let file = try HubConfigurationFile(directory.gatewayFile).read()

        plane = try DataPlane(workers: workers, pinning: .never)
        let gateway = DesiredGateway.ID(0)
        let state = DesiredState(
            gateways: [
                DesiredGateway(
                    id: gateway,
                    networkID: .init(0),
                    configuration: GatewayConfiguration(
                        privateKey: file.interface.privateKey,
                        addresses: [try InterfaceAddress("10.64.0.1/15")],
                        mtu: mtu
                    ),
                    listen: ListenAddress(address: .v4(.loopback), port: 0)
                )
            ],
            peers: file.peers.map { peer in
                DesiredPeer(
                    id: .init(peer.publicKey),
                    gatewayID: gateway,
                    configuration: PeerConfiguration(publicKey: peer.publicKey),
                    prefixes: Array(file.allowedIPs(of: peer))
                )
            }
        )
        guard let port = await plane.reconcile(to: state).opened[gateway] else {
            throw SystemError.stopped
        }
        endpoint = Endpoint(address: .v4(.loopback), port: port)
    }

    func run(_ change: (inout LoadOptions) -> Void) throws -> LoadReport {
        var options = LoadOptions(target: endpoint)
        options.seconds = 1
        options.verifyEvery = 1
        // The hub shares the machine with whatever else runs here.
        options.stall = 10_000_000_000
        change(&options)
        return try LoadRun.run(options, gateways: gateways, peers: peers)
    }

    func shutdown() { plane.shutdown() }
}
