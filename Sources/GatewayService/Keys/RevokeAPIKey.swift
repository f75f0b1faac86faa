package import GatewayDomain
import GatewayStore

extension Verb<APIKey> {
    /// Revokes a key: the next request with it is refused, and its sessions end. The last one of an admin stays.
    package static func revokeAPIKey(
        _ id: APIKeyID,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: .unrestricted(.owner)) { tx, caller in
            guard
                let key = try APIKeys.find(
                    id,
                    of: caller.organizationID,
                    reading: .forDeletion,
                    tx.db
                )
            else { throw ServiceError.notFound }
            try precondition.check(key.createdAt)
            // An owner must not shut the operator out.
            try caller.require(.role(key.role))
            // The schema would delete them as well, but write no journal entries.
            _ = try tx.endSessions(of: .apiKey(id), in: key.organizationID)
            try keepingAnAdmin(tx) {
                try APIKeys.delete(key, at: tx.time, tx.db)
            }
            try tx.journal.deleted(.apiKey(key))
            return key
        }
    }
}
