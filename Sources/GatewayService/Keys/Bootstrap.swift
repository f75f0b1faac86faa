package import GatewayDomain
import GatewayStore
import NetAddress
import WireGuardCrypto

/// Makes a new installation usable: its organization, its first API key, its regions. An old one
/// follows its settings, and has nothing made anew but a key that its settings name.
struct Bootstrap: Sendable {
    /// What a new installation calls its organization and its key. They are only names: what is there
    /// is found by ids.
    private static let organizationName = "default"
    private static let keyName = "first key"
    private static let checkKey = "master_key_check"

    let store: Store
    let settings: InstallationSettings
    let masterKey: MasterKey
    let now: WallClock

    /// Whether the database is that of an installation: something in it is sealed.
    static func isDone(in store: Store) async throws -> Bool {
        try await store.read { db in try Installation.value(of: checkKey, db) != nil }
    }

    func callAsFunction(
        firstKey: String?,
        spareKey: @Sendable () throws -> String
    ) async throws -> BootstrapResult {
        if let firstKey, !APIKeyText.isAcceptable(firstKey) {
            throw BootstrapError.unacceptableKey
        }
        return try await store.write { db in
            let isNew = try isNew(db)
            try checkMasterKey(db)
            for region in settings.regions {
                try Regions.put(region, db)
            }
            try moveGateways(db)
            if isNew { return try begin(firstKey: firstKey, spareKey: spareKey, db) }
            let id = try operatorOrganization(db)
            guard let firstKey else { return BootstrapResult(organizationID: id) }
            return BootstrapResult(
                organizationID: id,
                notices: try follow(givenKey: firstKey, in: id, db)
            )
        }
    }

    /// Whether nothing was ever begun here: the first start stores all of it at once.
    private func isNew(_ db: any SQLConnection) throws(StoreError) -> Bool {
        guard try Installation.value(of: Self.checkKey, db) == nil else { return false }
        guard try Installation.operatorOrganizationID(db) == nil else { return false }
        return try !Organizations.exist(db)
    }

    private func operatorOrganization(_ db: any SQLConnection) throws -> OrganizationID {
        do throws(StoreError) {
            if let id = try Installation.operatorOrganizationID(db),
                try Organizations.isStored(id, db)
            {
                return id
            }
        } catch {
            guard case .damaged = error else { throw error }
        }
        throw BootstrapError.operatorOrganizationUnknown
    }

    private func begin(
        firstKey: String?,
        spareKey: () throws -> String,
        _ db: any SQLConnection
    ) throws -> BootstrapResult {
        let organization = try makeOrganization(db)
        let key = try firstKey ?? spareKey()
        try add(key, to: organization.id, db)
        return BootstrapResult(
            organizationID: organization.id,
            madeKey: firstKey == nil ? key : nil
        )
    }

    /// Makes the key of the settings an admin's, unless it is known: a revoked one stays revoked.
    private func follow(
        givenKey: String,
        in organization: OrganizationID,
        _ db: any SQLConnection
    ) throws -> [BootstrapNotice] {
        let hash = KeyHash.of(givenKey)
        if let time = try APIKeys.revocation(ofHash: hash, db) { return [.givenKeyIsRevoked(time)] }
        let known = try APIKeys.candidates(forHash: hash, db)
            .first { KeyHash.isEqual($0.hash, hash) }
        if known == nil, try APIKeys.isStored(hash: hash, db) { return [.givenKeyIsDamaged] }
        let given = try known?.key ?? add(givenKey, to: organization, db)
        var notices: [BootstrapNotice] = []
        let time = now()
        if given.role != .admin || given.networkIDs != nil || given.hasExpired(at: time)
            || known?.isSuspended == true
        {
            notices.append(.givenKeyIsNoAdmin(given.id))
        }
        for other in try APIKeys.madeAtStart(of: organization, db)
        where other.id != given.id && !other.hasExpired(at: time) {
            notices.append(.earlierKeyWorks(other.id, since: other.createdAt))
        }
        return notices
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
        let time = now()
        let organization = Organization(
            id: .random(),
            name: Self.organizationName,
            createdAt: time,
            updatedAt: time
        )
        try Organizations.insert(organization, db)
        try Installation.setOperatorOrganization(organization.id, db)
        try Journal.system(of: organization.id, at: time).created(organization, in: nil, db)
        return organization
    }

    @discardableResult
    private func add(
        _ key: String,
        to organization: OrganizationID,
        _ db: any SQLConnection
    ) throws -> APIKey {
        let stored = APIKey(
            id: .random(),
            organizationID: organization,
            name: Self.keyName,
            prefix: APIKeyText.shownPrefix(of: key),
            role: .admin,
            createdAt: now()
        )
        try APIKeys.insert(stored, hash: KeyHash.of(key), isMadeAtStart: true, db)
        try Journal.system(of: organization, at: stored.createdAt).created(stored, in: nil, db)
        return stored
    }
}

package struct BootstrapResult: Sendable {
    package let organizationID: OrganizationID
    /// The first API key, if this call made one. It cannot be read again.
    package var madeKey: String?
    /// What the operator should know about the key of the settings.
    package var notices: [BootstrapNotice] = []
}

/// What is not as the operator may think who gave an API key in the settings.
package enum BootstrapNotice: Equatable, Sendable {
    case givenKeyIsRevoked(Timestamp)
    /// It is known, but its role, its restriction, its end or its organization stands in the way.
    case givenKeyIsNoAdmin(APIKeyID)
    case earlierKeyWorks(APIKeyID, since: Timestamp)
    /// It is known, but its row of the database cannot be read.
    case givenKeyIsDamaged
}

extension BootstrapNotice: CustomStringConvertible {
    package var description: String {
        switch self {
        case .givenKeyIsRevoked(let time):
            """
            the API key of the settings was revoked at \(time) and stays revoked; set another one, or \
            leave the setting out
            """
        case .givenKeyIsNoAdmin(let id):
            """
            the API key of the settings is known as \(id), and is not a usable key of an admin; set \
            another one to have an admin's key made of it
            """
        case .givenKeyIsDamaged:
            """
            the API key of the settings is known, but its row of the database is damaged; set another \
            one to have an admin's key made of it
            """
        case .earlierKeyWorks(let id, let time):
            """
            the API key \(id), which an earlier start made at \(time), still works beside the one of \
            the settings; if it should not, revoke it: DELETE /v2/api_keys/\(id)
            """
        }
    }
}

package enum BootstrapError: Error, Equatable, Sendable {
    case unacceptableKey
    /// What is stored of the operator's organization is missing, damaged, or names none.
    case operatorOrganizationUnknown
}

extension BootstrapError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unacceptableKey:
            """
            the API key must have at least \(APIKeyText.minimumLength) visible ASCII characters; \
            leave it out to have one made
            """
        case .operatorOrganizationUnknown:
            """
            the database does not say which organization is the operator's: the row \
            operator_organization of its table installation is missing or damaged; restore wgw.db \
            and wgw.db-wal from a backup, or write the row anew with the organization's NAME: \
            sqlite3 wgw.db "REPLACE INTO installation SELECT 'operator_organization', CAST(id AS \
            BLOB) FROM organization WHERE name = 'NAME'"
            """
        }
    }
}
