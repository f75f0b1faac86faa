package import GatewayDomain
import GatewayStore

extension Verb<InternetGateway> {
    /// Makes an internet gateway, of which a network has one in a region.
    package static func createInternetGateway(_ request: NewInternetGateway) -> Verb {
        Verb(requiring: .role(.member)) { tx, caller in
            var reader = FieldReader()
            let network = try reader.network(request.networkID, in: caller.scope, tx)
            let region = try reader.region(request.regionCode, by: caller, tx)
            let name = reader.optional(request.name)
            let nodes = try Placement(tx.db)
            var gateway = try reader.finish { fields in
                let network = try fields.value(network)
                return InternetGateway(
                    id: .random(),
                    organizationID: network.organizationID,
                    networkID: network.id,
                    region: try fields.value(region),
                    name: name,
                    status: .provisioning,
                    publicHost: region.known.flatMap { nodes.candidates(in: $0.code).first?.host }
                        ?? tx.settings.publicHost,
                    createdAt: tx.time,
                    updatedAt: tx.time
                )
            }
            let gateways = try Gateways.all(of: gateway.networkID, in: gateway.region.code, tx.db)
            try tx.checkEgressShare(
                of: gateways.filter { $0.egressRange == nil && $0.status != .deleting },
                for: request.regionCode.pointer
            )
            gateway.follow(gateways.map { $0.awaitingWaysOut })
            do {
                try InternetGateways.insert(gateway, tx.db)
            } catch StoreError.violated(.internetGatewayRegion) {
                throw ServiceError.duplicateInternetGateway
            }
            try tx.journal.created(.internetGateway(gateway))
            return gateway
        }
    }

    /// Answers the gateway as it was, in its last state.
    package static func deleteInternetGateway(
        _ id: InternetGatewayID,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: .role(.member)) { tx, caller in
            guard
                let gateway = try InternetGateways.find(
                    id,
                    in: caller.scope,
                    reading: .forDeletion,
                    tx.db
                )
            else { throw ServiceError.notFound }
            try precondition.check(gateway.updatedAt)
            try InternetGateways.delete(gateway, tx.db)
            try tx.journal.deleted(.internetGateway(gateway))
            var deleted = gateway
            deleted.status = .deleting
            deleted.updatedAt = tx.time
            return deleted
        }
    }
}
