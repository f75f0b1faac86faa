package import GatewayStore
import SystemIO

/// What a copy of a database holds.
package struct CopyInspection: Equatable, Sendable {
    package let counts: SealedKeys.Counts
    /// Gateways, peers and webhooks with a key that the master key does not open, as `gateway ID`.
    package let unopened: [String]
}

extension MasterKey {
    /// Looks a copy through from end to end, as a start of the server would not.
    ///
    /// - Throws: `MasterKeyError.doesNotFit` where the database was sealed with another key, and `StoreError`
    ///   where a server of this version could not work with it.
    package func inspect(_ copy: DatabaseCopy) throws -> CopyInspection {
        try copy.check()
        return try copy.read { db in
            if let sealed = try Installation.value(of: Self.checkName, db) {
                _ = try open(sealed, for: .check, of: Self.checkName)
            }
            var unopened: [String] = []
            try SealedKeys.each(.gatewayPrivateKey, db) { id, sealed in
                if (try? open(sealed, for: .gatewayPrivateKey, of: id)) == nil {
                    unopened.append("gateway \(id)")
                }
            }
            try SealedKeys.each(.peerPresharedKey, db) { id, sealed in
                if (try? open(sealed, for: .peerPresharedKey, of: id)) == nil {
                    unopened.append("peer \(id)")
                }
            }
            try SealedKeys.each(.webhookSecret, db) { id, sealed in
                if (try? open(sealed, for: .webhookSecret, of: id)) == nil {
                    unopened.append("webhook \(id)")
                }
            }
            return CopyInspection(counts: try SealedKeys.counts(db), unopened: unopened)
        }
    }

    /// The text that a key is given as, where there is one: of the environment, or of the data directory.
    package static func text(
        given: String?,
        directory: String,
        isShared: Bool
    ) throws -> String {
        if let given {
            _ = try MasterKey(given: given)
            return given
        }
        let file = SecretFile(directory + "/master-key")
        guard let line = try file.read() else {
            throw MasterKeyError.missingFile(path: file.path, isShared: isShared)
        }
        return line
    }
}
