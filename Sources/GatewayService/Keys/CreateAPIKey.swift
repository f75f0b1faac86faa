package import GatewayDomain
import GatewayStore

/// An API key with its text, which is shown only once.
package struct CreatedAPIKey: Sendable {
    package let key: APIKey
    package let text: String
}

private let networksPointer = "/network_ids"
/// A key for more networks than this is better not restricted.
private let maximumNetworks = 100

extension Verb<CreatedAPIKey> {
    /// Makes an API key that may do what its maker may, or less.
    package static func createAPIKey(_ request: NewAPIKey) -> Verb {
        Verb(requiring: .unrestricted(.owner)) { tx, caller in
            var reader = FieldReader()
            let name = reader.name(reader.required(request.name, "/name"))
            let role = reader.role(request.role, "/role")
            let end = reader.timestamp(request.expiresAt, "/expires_at")
            if let end, end <= tx.time {
                reader.report("/expires_at", .invalid("must be in the future"))
            }
            let networkIDs = try reader.networkIDs(request.networkIDs, of: caller, tx.db)
            try reader.finish()
            guard let name, let role else { throw ServiceError.invalid(reader.problems) }
            // Else an owner could make itself an admin.
            try caller.require(.role(role))
            let text = APIKeyText.make()
            let key = APIKey(
                id: .random(),
                organizationID: caller.organizationID,
                name: name,
                prefix: APIKeyText.shownPrefix(of: text),
                role: role,
                networkIDs: networkIDs,
                expiresAt: end,
                createdAt: tx.time
            )
            try APIKeys.insert(key, hash: KeyHash.of(text), tx.db)
            try tx.journal.created(.apiKey(key))
            return CreatedAPIKey(key: key, text: text)
        }
    }
}

extension FieldReader {
    fileprivate mutating func networkIDs(
        _ field: Field<[String]>,
        of caller: Caller,
        _ db: any SQLConnection
    ) throws -> Set<NetworkID>? {
        guard let texts = optional(field, networksPointer) else { return nil }
        guard texts.count <= maximumNetworks else {
            report(networksPointer, .invalid("must have at most \(maximumNetworks) networks"))
            return nil
        }
        var ids: Set<NetworkID> = []
        for (index, text) in texts.enumerated() {
            let pointer = "\(networksPointer)/\(index)"
            guard let id: NetworkID = identifier(text, pointer) else { continue }
            if try Networks.find(id, in: caller.scope, db) == nil {
                report(pointer, .unknownAssociation)
            }
            ids.insert(id)
        }
        return ids
    }
}
