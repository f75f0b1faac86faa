package import GatewayDomain
import GatewayStore

extension Verb<User> {
    /// Deletes a user, whose sessions end. The last admin stays.
    package static func deleteUser(_ id: UserID, if precondition: Precondition = .none) -> Verb {
        Verb(requiring: .unrestricted(.owner)) { tx, caller in
            guard
                let user = try Users.find(
                    id,
                    of: caller.organizationID,
                    reading: .forDeletion,
                    tx.db
                )
            else { throw ServiceError.notFound }
            try precondition.check(user.updatedAt)
            // An owner must not shut the operator out.
            try caller.require(.role(user.role))
            _ = try tx.endSessions(of: .user(id), in: user.organizationID)
            try keepingAnAdmin(tx) { try Users.delete(user, tx.db) }
            try tx.journal.deleted(.user(user))
            return user
        }
    }
}
