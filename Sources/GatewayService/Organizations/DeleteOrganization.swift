package import GatewayDomain
import GatewayStore

extension Verb<Organization> {
    /// Deletes an organization that has no networks; its keys and users go with it. The operator's own stays.
    package static func deleteOrganization(
        _ id: OrganizationID,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: .unrestricted(.admin)) { tx, caller in
            guard let organization = try Organizations.find(id, reading: .forDeletion, tx.db) else {
                throw ServiceError.notFound
            }
            try precondition.check(organization.updatedAt)
            guard try Installation.operatorOrganizationID(tx.db) != id else {
                throw ServiceError.operatorOrganization
            }
            guard try Networks.count(of: id, tx.db) == 0,
                caller.ownOrganizationID != id
            else { throw ServiceError.organizationInUse }
            let services = try PrivateServices.all(tx.db)
            if let service = services.first(where: { $0.organizationIDs?.contains(id) == true }) {
                throw ServiceError.organizationHasService(name: service.name)
            }
            for webhook in try Webhooks.all(of: id, tx.db) {
                try Webhooks.delete(webhook, tx.db)
                try tx.journal.deleted(.webhook(webhook))
            }
            for session in try Sessions.all(of: id, tx.db) { try tx.end(session) }
            try keepingAnAdmin(tx) {
                for user in try Users.all(of: id, tx.db) {
                    try tx.journal.deleted(.user(user))
                }
                try Users.deleteAll(of: organization, tx.db)
                for key in try APIKeys.all(of: id, tx.db) {
                    try tx.journal.deleted(.apiKey(key))
                }
                try APIKeys.deleteAll(of: organization, at: tx.time, tx.db)
            }
            try tx.deleteLimits(of: [.organization(id)])
            try Organizations.delete(organization, tx.db)
            try tx.journal.deleted(.organization(organization))
            return organization
        }
    }
}
