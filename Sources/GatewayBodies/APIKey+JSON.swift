package import GatewayDomain
package import JSON

extension NewAPIKey {
    package init(_ body: JSONObject) {
        self.init()
        name = body.string("name")
        role = body.string("role")
        networkIDs = body.strings("network_ids")
        expiresAt = body.string("expires_at")
    }
}

extension APIKey {
    /// The text stands in the one answer that made the key, and its member is absent from every
    /// other.
    package func json(text: String? = nil) -> JSONValue {
        var object = JSONObject()
        object.add("id", .string(id))
        object.add("record_type", "api_key")
        object.add("organization_id", .string(organizationID))
        object.add("name", .string(name))
        object.add("prefix", .string(prefix))
        if let text { object.add("api_key", .string(text)) }
        object.add("role", .string(role.rawValue))
        object.add(
            "network_ids",
            networkIDs.map { .array($0.sorted().map { .string($0) }) } ?? .null
        )
        object.add("expires_at", .string(expiresAt))
        object.add("last_used_at", .string(lastUsedAt))
        object.add("created_at", .string(createdAt))
        return .object(object)
    }
}
