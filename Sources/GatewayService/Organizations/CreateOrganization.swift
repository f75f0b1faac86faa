package import GatewayDomain
import GatewayStore

extension Verb<Organization> {
    /// Makes an organization without keys: an admin that acts for it makes the first.
    package static func createOrganization(_ request: NewOrganization) -> Verb {
        Verb(requiring: .unrestricted(.admin)) { tx, _ in
            var reader = FieldReader()
            let name = reader.required(request.name)
            let organization = try reader.finish { fields in
                Organization(
                    id: .random(),
                    name: try fields.value(name),
                    createdAt: tx.time,
                    updatedAt: tx.time
                )
            }
            try namingDuplicateNames { try Organizations.insert(organization, tx.db) }
            try tx.journal.created(.organization(organization))
            return organization
        }
    }
}

/// Gives the schema's refusal of a second organization with the same name the name that callers know.
func namingDuplicateNames(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch StoreError.violated(.organizationName) {
        throw ServiceError.duplicateName
    }
}
