package import GatewayDomain
package import JSON

extension Region {
    package var json: JSONValue {
        [
            "code": .string(code),
            "name": .string(name),
            "record_type": "region",
            "supported_interfaces": ["wireguard_interface"],
            "created_at": .string(createdAt),
            "updated_at": .string(updatedAt),
        ]
    }

    /// As it stands inside a gateway.
    var briefJSON: JSONValue {
        ["code": .string(code), "name": .string(name), "record_type": "region"]
    }
}

extension CoverageSite {
    package var json: JSONValue {
        [
            "record_type": "network_coverage",
            "available_services": .array(availableServices.map { .string($0) }),
            "location": [
                "region": .string(location.region),
                "site": .string(location.site),
                "pop": .string(location.pop),
                "name": .string(location.name),
                "code": .string(location.code),
            ],
        ]
    }
}
