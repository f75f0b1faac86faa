import GatewayDomain
import GatewayStore
import NetAddress

private let defaultKeepaliveKey = "config_default_keepalive"

extension Transaction {
    /// What the config files of peers take from the settings may be another since the last start. The
    /// gateways whose files say something else then get an entry in the journal, and so a revision.
    func followConfigSettings() throws {
        let keepalive = "\(settings.defaultPersistentKeepalive)"
        if try hasChanged(keepalive, of: defaultKeepaliveKey) {
            try note(at: Gateways.withoutKeepalive(db)) { revision, gateway in
                try ConfigRevisions.noteKeepalive(revision, atGateway: gateway, db)
            }
        }
    }

    /// False at the first start that stores the value, as no other one is known.
    private func hasChanged(_ value: String, of key: String) throws -> Bool {
        let stored = try Installation.value(of: key, db)
        let new = Array(value.utf8)
        guard stored != new else { return false }
        try Installation.set(new, for: key, db)
        return stored != nil
    }

    private func note(at gateways: [Gateway], _ note: (Int64, GatewayID) throws -> Void) throws {
        for gateway in gateways {
            var followed = gateway
            followed.updatedAt = time
            let revision = try journal.nextRevision()
            try Gateways.update(followed, db)
            try journal.updated(.gateway(gateway), to: .gateway(followed))
            try note(revision, gateway.id)
        }
    }
}
