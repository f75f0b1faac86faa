package import GatewayDomain
package import JSON

extension NewOrganization {
    package init(_ body: JSONObject) {
        self.init()
        name = body.string("name")
    }
}

extension OrganizationChange {
    package init(_ body: JSONObject) {
        self.init()
        name = body.string("name")
        isSuspended = body.bool("suspended")
    }
}

extension Organization {
    package var json: JSONValue {
        [
            "id": .string(id),
            "record_type": "organization",
            "name": .string(name),
            "suspended": .bool(suspendedAt != nil),
            "suspended_at": .string(suspendedAt),
            "created_at": .string(createdAt),
            "updated_at": .string(updatedAt),
        ]
    }
}
