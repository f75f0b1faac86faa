package import GatewayDomain
import GatewayStore

extension Verb<User> {
    /// Renames a user, or lets it do or see something else. With another role or other networks its sessions
    /// end.
    ///
    /// - Parameter names: those of the control plane that performs it.
    package static func updateUser(
        _ id: UserID,
        _ change: UserChange,
        counting names: TakenUserNames,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: .unrestricted(.owner)) { tx, caller in
            guard let old = try Users.find(id, of: caller.organizationID, tx.db) else {
                throw ServiceError.notFound
            }
            try precondition.check(old.updatedAt)
            try caller.require(.role(old.role))
            var reader = FieldReader()
            let name = reader.optional(change.name)
            let role = reader.optional(change.role)
            let networkIDs = try reader.networks(change.networkIDs, in: caller.scope, tx)
            try reader.finish()
            var user = old
            user.name = name.map(User.normalizedName) ?? old.name
            user.role = role ?? old.role
            user.networkIDs = change.networkIDs.isAbsent ? old.networkIDs : networkIDs
            user.updatedAt = tx.time
            // Else an owner could make itself an admin.
            try caller.require(.role(user.role))
            try keepingAnAdmin(tx) {
                guard user.name != old.name else { return try Users.update(user, tx.db) }
                try names.refusing(caller.organizationID) { try Users.update(user, tx.db) }
            }
            if user.role != old.role || user.networkIDs != old.networkIDs {
                _ = try tx.endSessions(of: .user(id), in: user.organizationID)
            }
            try tx.journal.updated(.user(old), to: .user(user))
            return user
        }
    }
}
