package import GatewayDomain
import GatewayStore

extension Verb<Network> {
    /// The name is all that can change of a network.
    package static func renameNetwork(
        _ id: NetworkID,
        _ change: NetworkChange,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: .role(.member)) { tx, caller in
            guard let old = try Networks.find(id, in: caller.scope, tx.db) else {
                throw ServiceError.notFound
            }
            try precondition.check(old.updatedAt)
            var reader = FieldReader()
            let name = reader.required(change.name)
            var network = old
            network.name = try reader.finish { try $0.value(name) }
            network.updatedAt = tx.time
            try Networks.rename(network, tx.db)
            try tx.journal.updated(.network(old), to: .network(network))
            return network
        }
    }
}
