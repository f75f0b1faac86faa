package import GatewayDomain
package import JSON

extension NetworkInterface {
    package var json: JSONValue {
        [
            "id": .string(id),
            "record_type": "network_interface",
            "type": .string(kind.rawValue),
            "name": .string(name),
            "network_id": .string(networkID),
            "status": .string(status.rawValue),
            "region_code": .string(region.code),
            "region": region.briefJSON,
            "created_at": .string(createdAt),
            "updated_at": .string(updatedAt),
        ]
    }
}
