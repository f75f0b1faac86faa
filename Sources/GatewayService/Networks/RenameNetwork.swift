package import GatewayDomain
import GatewayStore

/// The name is all that can change of a network.
package struct RenameNetwork: Sendable {
    let store: Store
    let now: WallClock

    package func callAsFunction(
        _ id: NetworkID,
        _ change: NetworkChange,
        by caller: Caller,
        if precondition: Precondition = .none
    ) async throws -> Network {
        try caller.require(.member)
        return try await store.write { db in
            let time = now()
            guard let old = try Networks.find(id, in: caller.scope, db) else {
                throw ServiceError.notFound
            }
            try precondition.check(old.updatedAt)
            var reader = FieldReader()
            let name = reader.name(reader.required(change.name, "/name"))
            guard let name else { throw ServiceError.invalid(reader.problems) }
            var network = old
            network.name = name
            network.updatedAt = time
            try Networks.rename(network, db)
            try Journal(by: caller, at: time).updated(old, network, in: network.id, db)
            return network
        }
    }
}
