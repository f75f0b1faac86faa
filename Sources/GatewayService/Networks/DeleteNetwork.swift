package import GatewayDomain
import GatewayStore

extension Verb<Network> {
    /// Refuses while the network has gateways: too much would go with it.
    package static func deleteNetwork(
        _ id: NetworkID,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: .role(.member)) { tx, caller in
            guard
                let network = try Networks.find(
                    id,
                    in: caller.scope,
                    reading: .forDeletion,
                    tx.db
                )
            else { throw ServiceError.notFound }
            try precondition.check(network.updatedAt)
            guard try !Gateways.exist(in: network, tx.db),
                try !InternetGateways.exist(in: network, tx.db)
            else { throw ServiceError.networkInUse }
            try network.deleteReferences(tx)
            try Networks.delete(network, tx.db)
            try tx.journal.deleted(.network(network))
            return network
        }
    }
}

extension Network {
    /// The schema would delete the rows that name the network as well, but write no journal entries.
    fileprivate func deleteReferences(_ tx: Transaction) throws {
        let defaultGateway = try DefaultGateways.find(
            of: id,
            of: organizationID,
            reading: .forDeletion,
            tx.db
        )
        try defaultGateway?.delete(tx)
        for key in try APIKeys.restricted(to: self, tx.db) {
            var changed = key
            changed.networkIDs?.remove(id)
            try APIKeys.remove(self, from: key, tx.db)
            try tx.journal.updated(.apiKey(key), to: .apiKey(changed))
        }
        for user in try Users.restricted(to: self, tx.db) {
            var changed = user
            changed.networkIDs?.remove(id)
            try Users.remove(self, from: user, tx.db)
            try tx.journal.updated(.user(user), to: .user(changed))
        }
    }
}
