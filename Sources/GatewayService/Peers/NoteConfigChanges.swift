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
            // The first way out of a network, and the last. A default gateway is none for the peer that it
            // is, for which this is a revision too many.
            case .created(let object):
                try noteExit(event.revision, object, left: 1)
            case .deleted(let object):
                try noteExit(event.revision, object, left: 0)
            case .updated:
                break
            }
        }
    }

    private func note(_ revision: Int64, _ old: Gateway, _ new: Gateway) throws {
        if old.subnet != new.subnet {
            try ConfigRevisions.note(revision, atGatewaysOf: new.networkID, db)
        }
        if old.publicKey != new.publicKey || old.endpoint != new.endpoint
            || old.enablesSIPTrunking != new.enablesSIPTrunking || old.mtu != new.mtu
            // In the formats that have it.
            || old.mtu != new.mtu
        {
            try ConfigRevisions.note(revision, atGateway: new.id, db)
        }
        if old.persistentKeepalive != new.persistentKeepalive {
            try ConfigRevisions.noteKeepalive(revision, atGateway: new.id, db)
        }
    }

    private func noteExit(_ revision: Int64, _ object: JournaledObject, left: Int) throws {
        switch object {
        case .defaultGateway, .internetGateway: break
        default: return
        }
        guard let network = object.networkID, try ConfigRevisions.exits(from: network, db) == left
        else { return }
        try ConfigRevisions.noteExit(revision, atGatewaysOf: network, db)
    }
}
