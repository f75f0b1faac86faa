package import GatewayDomain
import GatewayStore

package struct DeleteDefaultGateway: Sendable {
    let store: Store
    let now: WallClock

    package func callAsFunction(
        _ id: NetworkID,
        by caller: Caller
    ) async throws -> DefaultGateway {
        try caller.require(.member)
        return try await store.write { db in
            let journal = Journal(by: caller, at: now())
            guard
                let network = try Networks.find(id, in: caller.scope, reading: .forDeletion, db),
                let gateway = try DefaultGateways.find(
                    of: id,
                    of: network.organizationID,
                    reading: .forDeletion,
                    db
                )
            else { throw ServiceError.notFound }
            try delete(gateway, journal, db)
            return gateway
        }
    }
}

/// The schema would do it as well where its peer or network goes, but not write it down.
func delete(
    _ gateway: DefaultGateway,
    _ journal: Journal,
    _ db: any SQLConnection
) throws(StoreError) {
    try DefaultGateways.delete(gateway, db)
    try journal.deleted(gateway, in: gateway.networkID, db)
}
