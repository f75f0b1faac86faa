package import GatewayDomain
package import JSON

extension NewNetwork {
    package init(_ body: JSONObject) {
        self.init()
        name = body.string("name")
        addressBlock = body.string("address_block")
    }
}

extension NetworkChange {
    package init(_ body: JSONObject) {
        self.init()
        name = body.string("name")
    }
}

extension Network {
    package var json: JSONValue {
        [
            "id": .string(id),
            "record_type": "network",
            "name": .string(name),
            "created_at": .string(createdAt),
            "updated_at": .string(updatedAt),
            "address_block": .string(addressBlock),
        ]
    }
}
