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
            let users = try network.users(tx.db)
            guard users.isEmpty else { throw ServiceError.networkInUse(by: users) }
            try network.deleteReferences(tx)
            try Networks.delete(network, tx.db)
            try tx.journal.deleted(.network(network))
            return network
        }
    }
}

extension Network {
    /// What keeps it from being deleted, like `the gateway 'berlin'`.
    fileprivate func users(_ db: any SQLConnection) throws -> [String] {
        var users: [String] = []
        if try Gateways.exist(in: self, db) {
            users += try Self.titles("gateway", Gateways.all(of: id, db).map(\.name))
        }
        if try InternetGateways.exist(in: self, db) {
            users += try Self.titles(
                "internet gateway",
                InternetGateways.all(of: id, db).map(\.name)
            )
        }
        return users
    }

    private static let mostTold = 5

    /// Where rows cannot be read there are none, and still something is in use.
    private static func titles(_ kind: String, _ names: [String?]) -> [String] {
        guard (1...mostTold).contains(names.count) else {
            return [names.isEmpty ? "\(kind)s" : "\(names.count) \(kind)s"]
        }
        return names.map { name in name.map { "the \(kind) '\($0)'" } ?? "a \(kind) without a name"
        }
    }

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
