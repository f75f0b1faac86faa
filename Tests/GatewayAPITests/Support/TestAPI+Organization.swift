import GatewayDomain
import GatewayStore

@testable import GatewayService

extension TestAPI {
    /// A second tenant of the installation. Answers with its key.
    func addOrganization() async throws -> String {
        let key = "KEYstrangerSTRANGERstranger"
        let now = Timestamp.now()
        try await store.write { db in
            let organization = Organization(
                id: .random(),
                name: "stranger",
                createdAt: now,
                updatedAt: now
            )
            try Organizations.insert(organization, db)
            let stored = APIKey(
                id: .random(),
                organizationID: organization.id,
                name: "stranger's",
                prefix: nil,
                role: .owner,
                createdAt: now
            )
            try APIKeys.insert(stored, hash: KeyHash.of(key), db)
        }
        return key
    }
}
