import GatewayDomain
import GatewayStore

/// Where a request wants something to be: its `network_id` and `region_code`.
extension FieldReader {
    mutating func network(
        _ field: Field<String>,
        in scope: Scope,
        _ db: any SQLConnection
    ) throws -> Network? {
        let pointer = "/network_id"
        let text = required(field, pointer)
        guard let id: NetworkID = identifier(text, pointer) else { return nil }
        guard let network = try Networks.find(id, in: scope, db) else {
            report(pointer, .unknownAssociation)
            return nil
        }
        return network
    }

    /// One of the installation's regions of today.
    mutating func region(
        _ field: Field<String>,
        _ settings: InstallationSettings,
        _ db: any SQLConnection
    ) throws -> Region? {
        let pointer = "/region_code"
        guard let code = required(field, pointer) else { return nil }
        guard
            settings.regions.contains(where: { $0.code == code }),
            let region = try Regions.find(code: code, db)
        else {
            report(pointer, .unknownRegion)
            return nil
        }
        return region
    }
}
