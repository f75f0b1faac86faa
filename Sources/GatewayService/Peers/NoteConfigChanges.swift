import GatewayDomain
import GatewayStore

extension Transaction {
    /// Writes down which config files say something else since the changes of this transaction, at the
    /// revision of the change. Verbs need not think of it: whatever they change is in the journal. What
    /// concerns the file of one peer alone stands in the peer (`Peer.config`), which its verb answers.
    func noteConfigChanges() throws {
        for event in journal.events {
            switch event.change {
            // Routes to its subnet come and go.
            case .created(.gateway(let gateway)), .deleted(.gateway(let gateway)):
                try ConfigRevisions.note(event.revision, atGatewaysOf: gateway.networkID, db)
            case .updated(from: .gateway(let old), to: .gateway(let new)):
                try note(event.revision, old, new)
            // So do routes to the networks behind a peer.
            case .created(.peer(let peer, in: let network)),
                .deleted(.peer(let peer, in: let network)):
                guard !peer.allowedIPs.isEmpty, let network else { continue }
                try ConfigRevisions.note(event.revision, atGatewaysOf: network, db)
            case .updated(from: .peer(let old, in: _), to: .peer(let new, in: let network)):
                guard old.allowedIPs != new.allowedIPs, let network else { continue }
                try ConfigRevisions.note(event.revision, atGatewaysOf: network, db)
            case .created(.defaultGateway(let gateway)), .deleted(.defaultGateway(let gateway)):
                guard gateway.peerID != nil else { continue }
                try ConfigRevisions.noteDefaultGateway(event.revision, of: gateway.networkID, db)
            case .created(.internetGateway(let gateway)), .deleted(.internetGateway(let gateway)):
                try ConfigRevisions.noteInternetGateway(
                    event.revision,
                    of: gateway.networkID,
                    in: gateway.region.code,
                    db
                )
            case .created, .deleted, .updated:
                break
            }
        }
    }

    private func note(_ revision: Int64, _ old: Gateway, _ new: Gateway) throws {
        if old.subnet != new.subnet {
            try ConfigRevisions.note(revision, atGatewaysOf: new.networkID, db)
        }
        let leadsElsewhere = try leadElsewhere(old, new)
        if old.publicKey != new.publicKey || old.endpoint != new.endpoint || leadsElsewhere
            // In the formats that have it.
            || old.mtu != new.mtu
        {
            try ConfigRevisions.note(revision, atGateway: new.id, db)
        }
        if old.persistentKeepalive != new.persistentKeepalive {
            try ConfigRevisions.noteKeepalive(revision, atGateway: new.id, db)
        }
    }

    /// Whether the same gateway leads to other services than before.
    private func leadElsewhere(_ old: Gateway, _ new: Gateway) throws -> Bool {
        guard
            old.enablesSIPTrunking != new.enablesSIPTrunking
                || old.serviceNames != new.serviceNames
        else { return false }
        let services = try PrivateServices.all(db)
        return old.services(among: services) != new.services(among: services)
    }
}
