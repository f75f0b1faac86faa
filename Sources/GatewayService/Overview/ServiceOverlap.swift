import GatewayDomain
import GatewayStore
import NetAddress

/// A service that gateways of a network lead to, with addresses of the network's own block, which win.
struct ServiceOverlap: Sendable {
    let network: String
    let block: IPv4Prefix
    let service: String
    let prefix: IPv4Prefix

    /// The first of those that a caller may see, each once for all gateways of its network.
    static func all(
        in scope: Scope,
        limit: Int,
        _ db: any SQLConnection
    ) throws -> [ServiceOverlap] {
        let services = try PrivateServices.all(db)
        guard !services.isEmpty else { return [] }
        var found: [ServiceOverlap] = []
        var networks: [NetworkID: Network?] = [:]
        var told: [NetworkID: Set<PrivateServiceID>] = [:]
        for gateway in try Gateways.withServices(db) where found.count < limit {
            guard gateway.organizationID == scope.organizationID else { continue }
            let known = networks[gateway.networkID]
            let network = try known ?? Networks.find(gateway.networkID, in: scope, db)
            networks.updateValue(network, forKey: gateway.networkID)
            guard let network else { continue }
            for service in gateway.services(among: services) {
                guard let prefix = service.prefixes.first(where: network.addressBlock.overlaps),
                    told[network.id, default: []].insert(service.id).inserted
                else { continue }
                found.append(
                    ServiceOverlap(
                        network: network.name,
                        block: network.addressBlock,
                        service: service.name,
                        prefix: prefix
                    )
                )
            }
        }
        return Array(found.prefix(limit))
    }
}
