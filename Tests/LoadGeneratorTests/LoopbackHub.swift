import DataPlane
import HubRuntime
import NetAddress
import TestSupport
import WireGuardCrypto
import WireGuardEngine

@testable import LoadGenerator

/// A data plane with the gateway of a bench directory, on a free port of the loopback address.
struct LoopbackHub {
    let endpoint: Endpoint
    let key: PublicKey
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
        (key, peers) = try directory.read(pairs: nil)
        let file = try HubConfigurationFile(directory.gatewayFile).read()

        plane = try DataPlane(workers: workers, pinning: .never)
        let gateway = GatewayHandle(slot: 0, generation: 1)
        let port = try await plane.open(
            gateway,
            GatewayConfiguration(
                privateKey: file.interface.privateKey,
                addresses: [try InterfaceAddress("10.64.0.1/15")],
                mtu: mtu
            ),
            listen: ListenAddress(address: .v4(.loopback), port: 0),
            placement: 0
        )
        endpoint = Endpoint(address: .v4(.loopback), port: port)
        var routes: [(prefix: IPPrefix, destination: Destination)] = []
        var changes: [DataPlaneChange] = []
        for (slot, peer) in file.peers.enumerated() {
            let handle = PeerHandle(slot: UInt32(slot), generation: 1)
            let configuration = PeerConfiguration(publicKey: peer.publicKey)
            changes.append(.installPeer(handle, on: gateway, configuration))
            routes += file.allowedIPs(of: peer).map { ($0, .peer(handle)) }
        }
        changes.append(.publish(ForwardingTable(routes: routes), to: [gateway]))
        await plane.apply(changes, placement: 0)
    }

    func run(_ change: (inout LoadOptions) -> Void) throws -> LoadReport {
        var options = LoadOptions(target: endpoint)
        options.seconds = 1
        options.verifyEvery = 1
        // The hub shares the machine with whatever else runs here.
        options.stall = 60_000_000_000
        change(&options)
        return try LoadRun.run(options, hub: key, peers: peers)
    }

    func shutdown() { plane.shutdown() }
}
