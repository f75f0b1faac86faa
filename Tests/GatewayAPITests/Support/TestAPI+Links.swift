import GatewayDomain
import GatewayStore
import ServiceTestSupport
import Testing

extension TestAPI {
    /// A link in a network, as it is stored for gateways on different nodes.
    func backboneLink(
        in network: String,
        state: LinkState = .up
    ) async throws -> BackboneLink {
        let networkID = try #require(NetworkID(network))
        let organization = try #require(
            try await store.read { try Installation.operatorOrganizationID($0) }
        )
        let ids = [GatewayID.random(), .random()].sorted()
        let ends = zip(ids, ["local", "far"]).map {
            LinkEnd(gatewayID: $0, regionCode: $1, nodeID: .random(), state: state)
        }
        let now = clock.now()
        let link = BackboneLink(
            id: .random(),
            organizationID: organization,
            networkID: networkID,
            mtu: 1_420,
            first: ends[0],
            second: ends[1],
            stateSince: now,
            createdAt: now,
            updatedAt: now
        )
        try await store.write { try BackboneLinks.insert(link, $0) }
        return link
    }
}
