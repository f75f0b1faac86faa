import GatewayDomain
import GatewayStore
import NetAddress
import Testing
import TunnelTestSupport
import WireGuardCrypto

/// An organization with one network, from which tests grow gateways and peers.
struct StoreFixture: Sendable {
    let store: Store
    let organizationID = OrganizationID.random()
    let network: Network
    let region: Region
    /// The embedded one, which every database has.
    let nodeID: NodeID
    let start = Timestamp(microseconds: 1_000_000_000_000_000)

    init(store: Store) async throws {
        self.store = store
        let network = Network(
            id: .random(),
            organizationID: organizationID,
            name: "network",
            addressBlock: SubnetPlan.defaultBlock,
            createdAt: start,
            updatedAt: start
        )
        let region = Region(code: "local", name: "local", createdAt: start, updatedAt: start)
        self.network = network
        self.region = region
        let organization = Organization(
            id: organizationID,
            name: "default",
            createdAt: start,
            updatedAt: start
        )
        nodeID = try await store.write { db in
            try Organizations.insert(organization, db)
            try Regions.put(region, db)
            try Networks.insert(network, db)
            return try #require(try Nodes.embedded(db)).id
        }
    }

    func gateway(port: UInt16, subnet: String) throws -> Gateway {
        Gateway(
            id: .random(),
            organizationID: organizationID,
            networkID: network.id,
            region: region,
            nodeID: nodeID,
            name: nil,
            enablesSIPTrunking: false,
            status: .provisioning,
            statusReason: nil,
            publicKey: .random(),
            endpoint: PublicEndpoint(
                host: .address(.v4(IPv4Address(bits: 0x7f00_0001))),
                port: port
            ),
            subnet: try IPv4Prefix(subnet),
            mtu: 1420,
            persistentKeepalive: nil,
            createdAt: start,
            updatedAt: start
        )
    }

    func peer(of gateway: Gateway, address: IPv4Address, publicKey: PublicKey = .random()) -> Peer {
        Peer(
            id: .random(),
            organizationID: gateway.organizationID,
            gatewayID: gateway.id,
            name: nil,
            publicKey: publicKey,
            address: address,
            hasPresharedKey: false,
            persistentKeepalive: nil,
            createdAt: start,
            updatedAt: start
        )
    }
}
