import GatewayDomain
import GatewayStore

@testable import GatewayService

extension TestAPI {
    /// A second tenant of the installation. Answers with its key.
    func addOrganization() async throws -> String {
        let key = "KEYstrangerSTRANGERstranger"
        let now = Timestamp.now()
        try await store.write { db in
            let organization = Organization(id: .random(), name: "stranger", createdAt: now)
            try Organizations.insert(organization, db)
            let stored = APIKeys.Stored(
                id: .random(),
                organizationID: organization.id,
                hash: KeyHash.of(key)
            )
            try APIKeys.insert(stored, at: now, db)
        }
        return key
    }
}
