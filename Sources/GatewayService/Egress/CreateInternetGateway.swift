package import GatewayDomain
import GatewayStore

/// Makes an internet gateway, of which a network has one in a region.
package struct CreateInternetGateway: Sendable {
    let store: Store
    let settings: InstallationSettings
    let now: WallClock

    package func callAsFunction(
        _ request: NewInternetGateway,
        by caller: Caller,
        settling settle: Settlement<InternetGateway> = .none
    ) async throws -> InternetGateway {
        try caller.require(.member)
        return try await store.write { db in
            let time = now()
            var reader = FieldReader()
            let network = try reader.network(request.networkID, in: caller.scope, db)
            let region = try reader.region(request.regionCode, settings, db)
            let name = reader.name(reader.optional(request.name, "/name"))
            try reader.finish()
            guard let network, let region else { throw ServiceError.invalid(reader.problems) }
            let gateway = InternetGateway(
                id: .random(),
                organizationID: network.organizationID,
                networkID: network.id,
                region: region,
                name: name,
                status: .provisioning,
                publicHost: settings.publicHost,
                createdAt: time,
                updatedAt: time
            )
            do {
                try InternetGateways.insert(gateway, db)
            } catch StoreError.violated(.internetGatewayRegion) {
                throw ServiceError.duplicateInternetGateway
            }
            try Journal(by: caller, at: time).created(gateway, in: network.id, db)
            try settle(gateway, db)
            return gateway
        }
    }
}
