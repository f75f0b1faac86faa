package import GatewayDomain
package import GatewayStore
package import NetAddress
import WireGuardCrypto

/// The names of a new installation's organization and key. They are only names: what is there is found
/// by ids.
private let organizationName = "default"
private let keyName = "first key"

extension ControlPlane {
    /// Whether the database belongs to an installation, and so was sealed with a master key.
    package static func isPrepared(_ store: Store) async throws -> Bool {
        try await store.read { db in try Installation.value(of: MasterKey.checkName, db) != nil }
    }

    /// Makes a new installation usable: its organization, its first API key, its regions. An old one
    /// follows its settings, and has nothing made anew but a key that its settings name. To be called
    /// before anything else; a second call changes nothing.
    ///
    /// - Parameters:
    ///   - firstKey: the API key of the settings.
    ///   - spareKey: asked for the first key of an installation whose settings have none. It has to be
    ///     where the operator finds it when this returns: afterwards it opens the installation.
    package func prepareInstallation(
        firstKey: String?,
        spareKey: @escaping @Sendable () throws -> String = APIKeyText.make
    ) async throws -> PreparedInstallation {
        if let firstKey, !APIKeyText.isAcceptable(firstKey) {
            throw PreparationError.unacceptableKey
        }
        return try await change { tx in
            let isNew = try tx.isNew()
            try tx.checkMasterKey(isShared: server != nil)
            for region in settings.regions {
                try Regions.put(region, tx.db)
            }
            try tx.followNodes(isAlone: server == nil)
            try tx.followConfigSettings()
            var prepared = try tx.prepare(isNew: isNew, firstKey: firstKey, spareKey: spareKey)
            prepared.notices += try tx.followConfiguredServices()
            try tx.followEgressPool()
            try tx.followDistantWaysOut(isStart: true)
            return prepared
        }
    }
}

extension Transaction {
    fileprivate func prepare(
        isNew: Bool,
        firstKey: String?,
        spareKey: () throws -> String
    ) throws -> PreparedInstallation {
        if isNew { return try begin(firstKey: firstKey, spareKey: spareKey) }
        let id = try operatorOrganization()
        guard let firstKey else { return PreparedInstallation(organizationID: id) }
        return PreparedInstallation(
            organizationID: id,
            notices: try follow(givenKey: firstKey, in: id)
        )
    }

    /// Whether nothing was ever begun here: the first start stores all of it at once.
    fileprivate func isNew() throws(StoreError) -> Bool {
        guard try Installation.value(of: MasterKey.checkName, db) == nil else { return false }
        guard try Installation.operatorOrganizationID(db) == nil else { return false }
        return try !Organizations.exist(db)
    }

    func operatorOrganization() throws -> OrganizationID {
        do throws(StoreError) {
            if let id = try Installation.operatorOrganizationID(db),
                try Organizations.isStored(id, db)
            {
                return id
            }
        } catch {
            guard case .damaged = error else { throw error }
        }
        throw PreparationError.operatorOrganizationUnknown
    }

    fileprivate func begin(
        firstKey: String?,
        spareKey: () throws -> String
    ) throws -> PreparedInstallation {
        let organization = try makeOrganization()
        let key = try firstKey ?? spareKey()
        try add(key, to: organization.id)
        return PreparedInstallation(
            organizationID: organization.id,
            madeKey: firstKey == nil ? key : nil
        )
    }

    /// Makes the key of the settings an admin's, unless it is known: a revoked one stays revoked.
    fileprivate func follow(
        givenKey: String,
        in organization: OrganizationID
    ) throws -> [InstallationNotice] {
        let hash = KeyHash.of(givenKey)
        if let revoked = try APIKeys.revocation(ofHash: hash, db) {
            return [.givenKeyIsRevoked(revoked)]
        }
        let known = try APIKeys.candidates(forHash: hash, db)
            .first { KeyHash.isEqual($0.hash, hash) }
        if known == nil, try APIKeys.isStored(hash: hash, db) { return [.givenKeyIsDamaged] }
        let given = try known?.key ?? add(givenKey, to: organization)
        var notices: [InstallationNotice] = []
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
    fileprivate func checkMasterKey(isShared: Bool) throws {
        if let sealed = try Installation.value(of: MasterKey.checkName, db) {
            do throws(MasterKeyError) {
                _ = try masterKey.open(sealed, for: .check, of: MasterKey.checkName)
            } catch {
                if isShared, case .doesNotFit = error { throw MasterKeyError.differsFromOthers }
                throw error
            }
        } else {
            let secret = SecretKey(filledBy: fillRandomly)
            let sealed = try masterKey.seal(secret, for: .check, of: MasterKey.checkName)
            try Installation.insert(sealed, for: MasterKey.checkName, db)
        }
    }

    private func makeOrganization() throws -> Organization {
        let organization = Organization(
            id: .random(),
            name: organizationName,
            createdAt: time,
            updatedAt: time
        )
        try Organizations.insert(organization, db)
        try Installation.setOperatorOrganization(organization.id, db)
        try journal.created(.organization(organization))
        return organization
    }

    @discardableResult
    private func add(
        _ key: String,
        to organization: OrganizationID
    ) throws -> APIKey {
        let stored = APIKey(
            id: .random(),
            organizationID: organization,
            name: keyName,
            prefix: APIKeyText.shownPrefix(of: key),
            role: .admin,
            createdAt: time
        )
        try APIKeys.insert(stored, hash: KeyHash.of(key), isMadeAtStart: true, db)
        try journal.created(.apiKey(stored))
        return stored
    }
}

package struct PreparedInstallation: Sendable {
    package let organizationID: OrganizationID
    /// The first API key, if this call made one. It cannot be read again.
    package var madeKey: String?
    /// What the operator should know about the settings.
    package var notices: [InstallationNotice] = []
}

package enum PreparationError: Error, Equatable, Sendable {
    case unacceptableKey
    /// What is stored of the operator's organization is missing, damaged, or names none.
    case operatorOrganizationUnknown
    /// A private service of the config file has the name of one that was made through the API.
    case serviceIsTaken(String)
    case serviceOverlaps(String, IPv4Prefix, other: String)
    case serviceOrganizationUnknown(String, OrganizationID)
    /// Clients find the gateways at an address of a private service of the config file.
    case serviceHoldsEndpoint(String, IPv4Prefix, IPv4Address)
}

extension PreparationError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unacceptableKey:
            """
            the API key must have at least \(APIKeyText.minimumLength) visible ASCII characters; \
            leave it out to have one made
            """
        case .serviceIsTaken(let name):
            """
            the private service \(name) of the settings has the name of one that was made through the \
            API; give it another name, or delete that one: wgw service delete \(name)
            """
        case .serviceOverlaps(let name, let prefix, let other):
            """
            the private service \(name) of the settings has the prefix \(prefix), which overlaps the \
            service \(other) that was made through the API; change one of them
            """
        case .serviceOrganizationUnknown(let name, let id):
            """
            the private service \(name) of the settings is for the organization \(id), which does not exist; \
            wgw organization list -o wide shows the ids of all
            """
        case .serviceHoldsEndpoint(let name, let prefix, let address):
            """
            the private service \(name) of the settings has the prefix \(prefix), which contains \(address), where \
            endpoint-address leads: packets to the gateways would go round in circles; take that address out of the \
            prefixes
            """
        case .operatorOrganizationUnknown:
            """
            the database does not say which organization is the operator's: the row \
            operator_organization of its table installation is missing or damaged; restore the database \
            from a backup (of a data directory: wgw.db and wgw.db-wal), or write the row anew with the \
            organization's NAME: \(Installation.operatorOrganizationRemedy)
            """
        }
    }
}
