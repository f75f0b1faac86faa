package import GatewayDomain
import GatewayStore
import NetAddress
import WireGuardCrypto

/// Makes a new installation usable: its organization, its first API key, its regions. An old one
/// follows its settings.
struct Bootstrap: Sendable {
    private static let organizationName = "default"
    private static let keyName = "first key"
    private static let checkKey = "master_key_check"

    let store: Store
    let settings: InstallationSettings
    let masterKey: MasterKey
    let now: WallClock

    func callAsFunction(firstKey: String?) async throws -> BootstrapResult {
        if let firstKey, !APIKeyText.isAcceptable(firstKey) {
            throw BootstrapError.unacceptableKey
        }
        var generator = SystemRandomNumberGenerator()
        let spareKey = APIKeyText.make(using: &generator)
        return try await store.write { db in
            try checkMasterKey(db)
            let organization =
                try Organizations.find(named: Self.organizationName, db)
                ?? makeOrganization(db)
            for region in settings.regions {
                try Regions.put(region, db)
            }
            try moveGateways(db)
            if let firstKey {
                try add(firstKey, to: organization, db)
                return BootstrapResult(organizationID: organization.id, madeKey: nil)
            }
            guard try APIKeys.count(of: organization.id, db) == 0 else {
                return BootstrapResult(organizationID: organization.id, madeKey: nil)
            }
            try add(spareKey, to: organization, db)
            return BootstrapResult(organizationID: organization.id, madeKey: spareKey)
        }
    }

    /// With a wrong key nothing could be opened, and new objects would be sealed with a second one.
    private func checkMasterKey(_ db: any SQLConnection) throws {
        if let sealed = try Installation.value(of: Self.checkKey, db) {
            _ = try masterKey.open(sealed, for: .check, of: Self.checkKey)
        } else {
            let secret = SecretKey(filledBy: fillRandomly)
            let sealed = try masterKey.seal(secret, for: .check, of: Self.checkKey)
            try Installation.insert(sealed, for: Self.checkKey, db)
        }
    }

    /// The gateways of an embedded node are found where the installation says today.
    private func moveGateways(_ db: any SQLConnection) throws {
        let time = now()
        for gateway in try Gateways.elsewhere(than: settings.publicHost, db) {
            var moved = gateway
            moved.endpoint = PublicEndpoint(
                host: settings.publicHost,
                port: gateway.endpoint.port
            )
            moved.updatedAt = time
            try NodeTables.setEndpoint(of: moved, db)
            try Journal.system(of: gateway.organizationID, at: time).updated(
                gateway,
                moved,
                in: gateway.networkID,
                db
            )
        }
    }

    private func makeOrganization(_ db: any SQLConnection) throws -> Organization {
        let organization = Organization(
            id: .random(),
            name: Self.organizationName,
            createdAt: now(),
            updatedAt: now()
        )
        try Organizations.insert(organization, db)
        try Journal.system(of: organization.id, at: organization.createdAt).created(
            organization,
            in: nil,
            db
        )
        return organization
    }

    private func add(
        _ key: String,
        to organization: Organization,
        _ db: any SQLConnection
    ) throws {
        let hash = KeyHash.of(key)
        let candidates = try APIKeys.candidates(forHash: hash, db)
        guard !candidates.contains(where: { KeyHash.isEqual($0.hash, hash) }) else { return }
        let stored = APIKey(
            id: .random(),
            organizationID: organization.id,
            name: Self.keyName,
            prefix: APIKeyText.shownPrefix(of: key),
            role: .admin,
            createdAt: now()
        )
        try APIKeys.insert(stored, hash: hash, db)
        try Journal.system(of: organization.id, at: stored.createdAt).created(stored, in: nil, db)
    }
}

package struct BootstrapResult: Sendable {
    package let organizationID: OrganizationID
    /// The first API key, if this call made one. It cannot be read again.
    package let madeKey: String?
}

package enum BootstrapError: Error, Equatable, Sendable {
    case unacceptableKey
}

extension BootstrapError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unacceptableKey:
            """
            the API key must have at least \(APIKeyText.minimumLength) visible ASCII characters; \
            leave it out to have one made
            """
        }
    }
}
