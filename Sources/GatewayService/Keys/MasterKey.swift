import Crypto
import FoundationEssentials
import SystemIO
package import WireGuardCrypto

/// Seals what must not be readable in the database file: private keys of gateways, preshared keys.
package struct MasterKey: Sendable {
    private let key: SymmetricKey

    package init(_ secret: SecretKey) {
        key = secret.withBytes { SymmetricKey(data: $0) }
    }

    /// A fresh one for tests and for a first start.
    package static func random() -> MasterKey {
        MasterKey(SecretKey(filledBy: fillRandomly))
    }

    /// - Parameter text: the value of `WGW_MASTER_KEY`.
    package init(given text: String) throws(MasterKeyError) {
        guard let secret = SecretKey(base64: text) else { throw .malformedEnvironment }
        self.init(secret)
    }

    /// The key that was given, or else the one of the file `master-key` in the data directory. Where
    /// there is none it is made for a new installation; to another one it would be of no use, and in the
    /// way of the one that is restored.
    package static func load(
        directory: String,
        given: MasterKey?,
        isNewInstallation: Bool,
        isShared: Bool = false
    ) throws -> MasterKey {
        if let given { return given }
        let file = SecretFile(directory + "/master-key")
        if let line = try file.read() {
            guard let secret = SecretKey(base64: line) else {
                throw MasterKeyError.malformedFile(path: file.path)
            }
            return MasterKey(secret)
        }
        guard isNewInstallation else {
            throw MasterKeyError.missingFile(path: file.path, isShared: isShared)
        }
        let secret = SecretKey(filledBy: fillRandomly)
        try file.create(secret.base64)
        return MasterKey(secret)
    }

    /// `purpose` and the object's id are authenticated: what was sealed for one object cannot be
    /// put in the place of another's.
    func seal(_ secret: SecretKey, for purpose: Purpose, of id: some CustomStringConvertible)
        throws -> [UInt8]
    {
        let context = Self.context(purpose, id)
        let box = try secret.withBytes { bytes in
            try ChaChaPoly.seal(bytes, using: key, authenticating: context)
        }
        return [UInt8](box.combined)
    }

    func seal(_ bytes: [UInt8], for purpose: Purpose, of id: some CustomStringConvertible)
        throws -> [UInt8]
    {
        let context = Self.context(purpose, id)
        return [UInt8](try ChaChaPoly.seal(bytes, using: key, authenticating: context).combined)
    }

    func open(_ sealed: [UInt8], for purpose: Purpose, of id: some CustomStringConvertible)
        throws(MasterKeyError) -> SecretKey
    {
        let bytes = try openBytes(sealed, for: purpose, of: id)
        guard bytes.count == SecretKey.length else { throw .doesNotFit }
        return bytes.withUnsafeBytes { SecretKey($0) }
    }

    func openBytes(_ sealed: [UInt8], for purpose: Purpose, of id: some CustomStringConvertible)
        throws(MasterKeyError) -> Data
    {
        guard
            let box = try? ChaChaPoly.SealedBox(combined: sealed),
            let bytes = try? ChaChaPoly.open(
                box,
                using: key,
                authenticating: Self.context(purpose, id)
            )
        else { throw .doesNotFit }
        return bytes
    }

    /// The row of `installation` with a value that was sealed to find out whether a key is the right one.
    static let checkName = "master_key_check"

    private static func context(_ purpose: Purpose, _ id: some CustomStringConvertible) -> Data {
        Data("\(purpose.rawValue) \(id)".utf8)
    }

    /// The texts are authenticated with what is sealed for the purpose (`context`): with another text,
    /// nothing that databases hold of it could be opened again. They stay, also where a name changes.
    enum Purpose: String {
        case gatewayPrivateKey = "gateway private key"
        case peerPresharedKey = "peer preshared key"
        case lanePrivateKey = "lane private key"
        case storedResponse = "kept answer"
        case webhookSecret = "webhook secret"
        case check = "check"
    }
}

package enum MasterKeyError: Error, Equatable, Sendable {
    case malformedEnvironment
    case malformedFile(path: String)
    /// Shared is a database that several servers may have, which is not beside the file.
    case missingFile(path: String, isShared: Bool = false)
    /// The database was sealed with another key, or was tampered with.
    case doesNotFit
    /// The same, where several servers work on the database.
    case differsFromOthers
}

extension MasterKeyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformedEnvironment:
            "WGW_MASTER_KEY must be 32 bytes in base64 (44 characters), as `wg genpsk` makes them"
        case .malformedFile(let path):
            "\(path) must hold 32 bytes in base64 (44 characters); restore it from a backup"
        case .missingFile(let path, isShared: true):
            """
            \(path) is missing, and without the master key the database cannot be opened; copy the file from \
            another server of the database or from a backup, or give what is in it as WGW_MASTER_KEY
            """
        case .missingFile(let path, isShared: false):
            """
            \(path) is missing, and without it the database beside it cannot be opened; restore it from \
            a backup, give it as WGW_MASTER_KEY, or move the whole directory away to begin anew
            """
        case .doesNotFit:
            """
            the master key does not open this database; bring back the file master-key, or the \
            WGW_MASTER_KEY, that the database was made with
            """
        case .differsFromOthers:
            """
            the master key of this server is not the one that the database was made with; give all \
            servers of the database the same WGW_MASTER_KEY, or copy the file master-key of the first one
            """
        }
    }
}
