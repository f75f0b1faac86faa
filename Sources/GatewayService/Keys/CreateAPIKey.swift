package import GatewayDomain
import GatewayStore

/// An API key with its text, which is shown only once.
package struct CreatedAPIKey: Sendable {
    package let key: APIKey
    package let text: String
}

extension Verb<CreatedAPIKey> {
    /// Makes an API key that may do what its maker may, or less.
    package static func createAPIKey(_ request: NewAPIKey) -> Verb {
        Verb(requiring: .unrestricted(.owner)) { tx, caller in
            var reader = FieldReader()
            let name = reader.required(request.name)
            let role = reader.required(request.role)
            let end = reader.optional(request.expiresAt) { end in
                end > tx.time ? nil : .invalid("must be in the future")
            }
            let networkIDs = try reader.networks(request.networkIDs, in: caller.scope, tx)
            let text = APIKeyText.make()
            let key = try reader.finish { fields in
                APIKey(
                    id: .random(),
                    organizationID: caller.organizationID,
                    name: try fields.value(name),
                    prefix: APIKeyText.shownPrefix(of: text),
                    role: try fields.value(role),
                    networkIDs: networkIDs,
                    expiresAt: end,
                    createdAt: tx.time
                )
            }
            // Else an owner could make itself an admin.
            try caller.require(.role(key.role))
            try APIKeys.insert(key, hash: KeyHash.of(text), tx.db)
            try tx.journal.created(.apiKey(key))
            return CreatedAPIKey(key: key, text: text)
        }
    }
}
