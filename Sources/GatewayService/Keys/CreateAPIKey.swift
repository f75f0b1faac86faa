package import GatewayDomain
import GatewayStore

/// An API key with its text, which nobody gets to see a second time.
package struct CreatedAPIKey: Sendable {
    package let key: APIKey
    package let text: String
}

/// Makes an API key that may do what its maker may, or less.
package struct CreateAPIKey: Sendable {
    private static let networksPointer = "/network_ids"
    /// A key for more networks than this is better not restricted.
    private static let maximumNetworks = 100

    let store: Store
    let now: WallClock

    package func callAsFunction(
        _ request: NewAPIKey,
        by caller: Caller,
        settling settle: Settlement<CreatedAPIKey> = .none
    ) async throws -> CreatedAPIKey {
        try caller.requireUnrestricted(.owner)
        var reader = FieldReader()
        let name = reader.name(reader.required(request.name, "/name"))
        let role = reader.role(request.role, "/role")
        let end = reader.timestamp(request.expiresAt, "/expires_at")
        if let end, end <= now() { reader.report("/expires_at", .invalid("must be in the future")) }
        let networks = reader.optional(request.networkIDs, Self.networksPointer)
        if let networks, networks.count > Self.maximumNetworks {
            reader.report(
                Self.networksPointer,
                .invalid("must have at most \(Self.maximumNetworks) networks")
            )
        }
        let checked = reader
        let text = APIKeyText.make()
        return try await store.write { db in
            var reader = checked
            let networkIDs = try Self.networkIDs(networks, of: caller, &reader, db)
            try reader.finish()
            guard let name, let role else { throw ServiceError.invalid(reader.problems) }
            // Else an owner could make itself an admin.
            try caller.require(role)
            let time = now()
            let key = APIKey(
                id: .random(),
                organizationID: caller.organizationID,
                name: name,
                prefix: APIKeyText.shownPrefix(of: text),
                role: role,
                networkIDs: networkIDs,
                expiresAt: end,
                createdAt: time
            )
            try APIKeys.insert(key, hash: KeyHash.of(text), db)
            try Journal(by: caller, at: time).created(key, in: nil, db)
            let created = CreatedAPIKey(key: key, text: text)
            try settle(created, db)
            return created
        }
    }

    private static func networkIDs(
        _ texts: [String]?,
        of caller: Caller,
        _ reader: inout FieldReader,
        _ db: any SQLConnection
    ) throws -> Set<NetworkID>? {
        guard let texts, texts.count <= maximumNetworks else { return nil }
        var ids: Set<NetworkID> = []
        for (index, text) in texts.enumerated() {
            let pointer = "\(networksPointer)/\(index)"
            guard let id: NetworkID = reader.identifier(text, pointer) else { continue }
            if try Networks.find(id, in: caller.scope, db) == nil {
                reader.report(pointer, .unknownAssociation)
            }
            ids.insert(id)
        }
        return ids
    }
}
