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

    /// One of the regions that are offered; a region that only old gateways are in is unknown here.
    mutating func region(_ field: Field<String>, _ tx: Transaction) throws -> Checked<Region> {
        try existing(required(field), of: field, else: .unknownRegion) { code in
            guard try Placement(tx.db).regionCodes.contains(code) else { return nil }
            return try Regions.find(code: code, tx.db)
        }
    }
}
