package import GatewayDomain
import GatewayStore

package struct DeleteNetwork: Sendable {
    let store: Store
    let knownKeys: KnownKeys
    let now: WallClock

    /// Refuses while the network has gateways: too much would go with it.
    package func callAsFunction(
        _ id: NetworkID,
        by caller: Caller,
        if precondition: Precondition = .none
    ) async throws -> Network {
        try caller.require(.member)
        defer { knownKeys.forgetAll() }
        return try await store.write { db in
            let journal = Journal(by: caller, at: now())
            guard
                let network = try Networks.find(id, in: caller.scope, reading: .forDeletion, db)
            else { throw ServiceError.notFound }
            try precondition.check(network.updatedAt)
            guard try !Gateways.exist(in: network, db), try !InternetGateways.exist(in: network, db)
            else { throw ServiceError.networkInUse }
            try deleteWhatNames(network, journal, db)
            try Networks.delete(network, db)
            try journal.deleted(network, in: id, db)
            return network
        }
    }

    /// The schema would do it as well, but not write it down.
    private func deleteWhatNames(
        _ network: Network,
        _ journal: Journal,
        _ db: any SQLConnection
    ) throws {
        if let gateway = try DefaultGateways.find(
            of: network.id,
            of: network.organizationID,
            reading: .forDeletion,
            db
        ) {
            try delete(gateway, journal, db)
        }
        for key in try APIKeys.restricted(to: network, db) {
            var changed = key
            changed.networkIDs?.remove(network.id)
            try APIKeys.remove(network, from: key, db)
            try journal.updated(key, changed, in: nil, db)
        }
    }
}
