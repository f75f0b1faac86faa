package import GatewayDomain
import GatewayStore

extension Verb<InvitedUser> {
    /// Makes a user that may do what its maker may, or less, and the link by which it chooses its password.
    ///
    /// - Parameter names: those of the control plane that performs it.
    package static func createUser(
        _ request: NewUser,
        counting names: TakenUserNames
    ) -> Verb {
        Verb(requiring: .unrestricted(.owner)) { tx, caller in
            var reader = FieldReader()
            let name = reader.required(request.name)
            let role = reader.required(request.role)
            let networkIDs = try reader.networks(request.networkIDs, in: caller.scope, tx)
            let lifetime = reader.optional(request.expiresIn) ?? User.defaultInvitationSeconds
            let user = try reader.finish { fields in
                User(
                    id: .random(),
                    organizationID: caller.organizationID,
                    name: User.normalizedName(try fields.value(name)),
                    role: try fields.value(role),
                    networkIDs: networkIDs,
                    createdAt: tx.time,
                    updatedAt: tx.time
                )
            }
            // Else an owner could make itself an admin.
            try caller.require(.role(user.role))
            try names.refusing(caller.organizationID) { try Users.insert(user, tx.db) }
            let invited = try tx.invite(user, for: lifetime)
            try tx.journal.created(.user(invited.user))
            return invited
        }
    }
}
