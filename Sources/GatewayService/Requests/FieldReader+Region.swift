import GatewayDomain
import GatewayStore

/// Where a request wants something to be.
extension FieldReader {
    mutating func network(
        _ field: Field<NetworkID>,
        in scope: Scope,
        _ tx: Transaction
    ) throws -> Checked<Network> {
        try existing(required(field), of: field) { try Networks.find($0, in: scope, tx.db) }
    }

    /// One of the regions that are offered.
    mutating func region(
        _ field: Field<String>,
        by caller: Caller,
        _ tx: Transaction
    ) throws -> Checked<Region> {
        let named = try existing(required(field), of: field, else: .unknownRegion) { code in
            try Regions.find(code: code, tx.db)
        }
        guard let region = named.known,
            let obstacle = try Placement(tx.db).obstacle(to: region.code)
        else { return named }
        guard caller.seesNodes else {
            return reported(
                field,
                .invalid(
                    "names a region that takes no gateways at present; an admin of the server can change that"
                )
            )
        }
        return reported(field, .invalid(obstacle))
    }
}
