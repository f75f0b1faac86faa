package import GatewayDomain
package import JSON

extension NewDefaultGateway {
    package init(_ body: JSONObject) {
        self.init()
        peerID = body.string("wireguard_peer_id")
    }
}

extension NewInternetGateway {
    package init(_ body: JSONObject) {
        self.init()
        networkID = body.string("network_id")
        regionCode = body.string("region_code")
        name = body.string("name")
    }
}

extension DefaultGateway {
    package var json: JSONValue {
        [
            "id": .string(id),
            "record_type": "default_gateway",
            "network_id": .string(networkID),
            "wireguard_peer_id": .string(peerID),
            "status": .string(status.rawValue),
            "created_at": .string(createdAt),
            "updated_at": .string(updatedAt),
            "status_reason": .string(statusReason),
        ]
    }
}

extension InternetGateway {
    package var json: JSONValue {
        [
            "id": .string(id),
            "record_type": "public_internet_gateway",
            "network_id": .string(networkID),
            "region_code": .string(region.code),
            "name": .string(name),
            "status": .string(status.rawValue),
            "public_ip": .string(publicHost),
            "region": region.briefJSON,
            "created_at": .string(createdAt),
            "updated_at": .string(updatedAt),
            "status_reason": .string(statusReason),
        ]
    }
}
