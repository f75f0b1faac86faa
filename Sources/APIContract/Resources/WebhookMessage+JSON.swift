package import GatewayDomain
import JSON

extension WebhookMessage {
    /// The body that a webhook is sent, whose members are those of an entry of the journal.
    package var text: String {
        let object: JSONValue = [
            "id": .string(id),
            "type": .string(type),
            "occurred_at": .string(occurredAt),
            "organization_id": .string(organizationID),
            "network_id": .string(networkID),
            "object_type": .string(objectType),
            "object_id": .string(objectID),
            "before": before.map { .encoded($0) } ?? .null,
            "after": after.map { .encoded($0) } ?? .null,
        ]
        return object.encoded
    }
}
