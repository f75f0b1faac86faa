package import GatewayDomain
import GatewayStore

extension Verb<Organization> {
    /// Renames an organization, suspends it, or lets it go on.
    package static func updateOrganization(
        _ id: OrganizationID,
        _ change: OrganizationChange,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: .unrestricted(.admin)) { tx, caller in
            guard let old = try Organizations.find(id, tx.db) else {
                throw ServiceError.notFound
            }
            try precondition.check(old.updatedAt)
            var reader = FieldReader()
            let name = reader.optional(change.name)
            let isSuspended = reader.optional(change.isSuspended)
            if isSuspended == true, caller.ownOrganizationID == id {
                reader.report(
                    change.isSuspended,
                    .invalid("would shut out the one that asks for it")
                )
            } else if isSuspended == true, try Installation.operatorOrganizationID(tx.db) == id {
                reader.report(
                    change.isSuspended,
                    .invalid("must not be true for the organization of the server's operator")
                )
            }
            try reader.finish()
            var organization = old
            organization.name = name ?? organization.name
            if let isSuspended {
                organization.suspendedAt =
                    isSuspended ? organization.suspendedAt ?? tx.time : nil
            }
            organization.updatedAt = tx.time
            try keepingAnAdmin(tx) {
                try namingDuplicateNames { try Organizations.update(organization, tx.db) }
            }
            try tx.journal.updated(.organization(old), to: .organization(organization))
            return organization
        }
    }
}
