import GatewayDomain
import GatewayStore

/// A key or a user for more networks than this is better not restricted.
private let maximumNetworks = 100

/// What a key or a user is to see.
extension FieldReader {
    /// Nil for all networks.
    mutating func networks(
        _ field: Field<[Field<NetworkID>]>,
        in scope: Scope,
        _ tx: Transaction
    ) throws -> Set<NetworkID>? {
        let elements = optional(field) { elements in
            elements.count <= maximumNetworks
                ? nil : .invalid("must have at most \(maximumNetworks) networks")
        }
        guard let elements else { return nil }
        var ids: Set<NetworkID> = []
        for element in elements {
            let id = try optional(element) { id in
                try Networks.find(id, in: scope, tx.db) == nil ? .unknownAssociation : nil
            }
            if let id { ids.insert(id) }
        }
        return ids
    }
}
