import GatewayDomain
import GatewayStore

/// The members that say where something is to be: `network_id` and `region_code`.
extension FieldReader {
    mutating func network(
        _ field: Field<String>,
        in scope: Scope,
        _ tx: Transaction
    ) throws -> Network? {
        let pointer = "/network_id"
        let text = required(field, pointer)
        guard let id: NetworkID = identifier(text, pointer) else { return nil }
        guard let network = try Networks.find(id, in: scope, tx.db) else {
            report(pointer, .unknownAssociation)
            return nil
        }
        return network
    }

    /// One of the regions in the installation's settings; a region that only old gateways are in is
    /// unknown here.
    mutating func region(_ field: Field<String>, _ tx: Transaction) throws -> Region? {
        let pointer = "/region_code"
        guard let code = required(field, pointer) else { return nil }
        guard
            tx.settings.regions.contains(where: { $0.code == code }),
            let region = try Regions.find(code: code, tx.db)
        else {
            report(pointer, .unknownRegion)
            return nil
        }
        return region
    }
}
