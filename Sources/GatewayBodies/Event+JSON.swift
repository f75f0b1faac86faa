package import GatewayDomain
package import JSON

extension JournalEntry {
    /// - Parameter reader: who asks. What an operator's key did for a tenant is shown to the tenant
    ///   without the key.
    package func json(for reader: Role) -> JSONValue {
        [
            "revision": .integer(revision),
            "record_type": "event",
            "type": .string("\(event.objectType.rawValue).\(event.operation.rawValue)"),
            "occurred_at": .string(event.occurredAt),
            "organization_id": .string(event.organizationID),
            "network_id": .string(event.networkID),
            "object_type": .string(event.objectType.rawValue),
            "object_id": .string(event.objectID),
            "actor": actor(for: reader),
            "request_id": .string(event.requestID),
            "before": event.before.map { .encoded($0) } ?? .null,
            "after": event.after.map { .encoded($0) } ?? .null,
        ]
    }

    private func actor(for reader: Role) -> JSONValue {
        switch event.actor {
        case .system:
            ["type": "system", "id": .null, "name": .null]
        case .key(let id, let name, let home) where home == event.organizationID:
            ["type": "api_key", "id": .string(id), "name": .string(name)]
        case .key(let id, let name, _) where reader == .admin:
            ["type": "admin", "id": .string(id), "name": .string(name)]
        case .key:
            ["type": "admin", "id": .null, "name": .null]
        }
    }
}
