import GatewayDomain
import GatewayStore
import NetAddress

/// What the ways out of networks make of other objects. Verbs need not think of it: whatever they change
/// is in the journal.
extension Transaction {
    /// Gateways and peers whose ways out are others since the changes of this transaction get an entry in the
    /// journal, by which their node hears of it; internet gateways and default gateways get the status
    /// that follows from those of the gateways.
    func followWaysOut() throws {
        for event in journal.events {
            let (old, new) = (event.change.before, event.change.after)
            switch event.change.object {
            case .privateService: try follow(old?.privateService, new?.privateService)
            case .internetGateway(let gateway) where old == nil || new == nil:
                for gateway in try Gateways.all(of: gateway.networkID, in: gateway.region.code, db)
                {
                    try touch(gateway)
                }
            case .defaultGateway(let gateway) where old == nil || new == nil:
                try touchPeer(of: gateway, isDefaultGateway: new != nil)
            default: break
            }
        }
        try giveEgressRanges()
        var networks: Set<NetworkID> = []
        for event in journal.events {
            switch event.change.object {
            case .gateway, .internetGateway, .defaultGateway:
                if let network = event.change.object.networkID { networks.insert(network) }
            default: break
            }
        }
        for network in networks.sorted() { try followGateways(of: network) }
    }

    /// A service has come, gone or changed.
    private func follow(_ old: PrivateService?, _ new: PrivateService?) throws {
        if let old, let new, !new.leadsElsewhere(than: old) { return }
        var touched: Set<GatewayID> = []
        for gateway in try Gateways.withServices(db) {
            var changed = gateway
            // A person who deletes a service wants it gone. One that the settings lack at a start may be back at the next.
            if let gone = old, new == nil, gone.source == .api {
                changed.serviceNames?.removeAll { $0 == gone.name }
            }
            let led = !gateway.services(among: [old].compactMap(\.self)).isEmpty
            let leads = !changed.services(among: [new].compactMap(\.self)).isEmpty
            guard led || leads || changed != gateway else { continue }
            let revision = try journal.nextRevision()
            try touch(gateway, as: changed)
            touched.insert(gateway.id)
            // Configs have the prefixes alone.
            guard led != leads || led && old?.prefixes != new?.prefixes else { continue }
            try ConfigRevisions.note(revision, atGateway: gateway.id, db)
        }
        // The internet ends where a service begins. That changes no config.
        for gateway in try Gateways.withInternet(db) where !touched.contains(gateway.id) {
            try touch(gateway)
        }
    }

    /// Its node has to hear of it, and the gateway is not provisioned until the node has taken it up.
    func touch(_ gateway: Gateway, as changed: Gateway? = nil) throws {
        var changed = changed ?? gateway
        changed.awaitWaysOut()
        changed.updatedAt = time
        try Gateways.update(changed, db)
        try journal.updated(.gateway(gateway), to: .gateway(changed))
    }

    private func touchPeer(of gateway: DefaultGateway, isDefaultGateway: Bool) throws {
        let scope = Scope(organizationID: gateway.organizationID)
        guard let id = gateway.peerID,
            let peer = try? Peers.find(id, in: scope, db)
        else { return }
        var (old, new) = (peer, peer)
        old.isDefaultGateway = !isDefaultGateway
        new.isDefaultGateway = isDefaultGateway
        new.updatedAt = time
        try Peers.touch(new, db)
        try journal.updated(
            .peer(old, in: gateway.networkID),
            to: .peer(new, in: gateway.networkID)
        )
    }

    /// What stands at the gateways of a network decides over its ways out.
    private func followGateways(of network: NetworkID) throws {
        let gateways = try Gateways.all(of: network, db)
        for old in try InternetGateways.all(of: network, db) {
            var new = old
            new.follow(gateways)
            guard new != old else { continue }
            new.updatedAt = time
            try InternetGateways.setStatus(of: new, db)
            try journal.updated(.internetGateway(old), to: .internetGateway(new))
        }
        guard let organization = gateways.first?.organizationID,
            let old = try? DefaultGateways.find(of: network, of: organization, db)
        else { return }
        var new = old
        new.follow(try gateway(of: old))
        guard new != old else { return }
        new.updatedAt = time
        try DefaultGateways.setStatus(of: new, db)
        try journal.updated(.defaultGateway(old), to: .defaultGateway(new))
    }

    /// The gateway of the peer that is a default gateway.
    func gateway(of defaultGateway: DefaultGateway) throws -> Gateway? {
        let scope = Scope(organizationID: defaultGateway.organizationID)
        guard let id = defaultGateway.peerID, let peer = try? Peers.find(id, in: scope, db) else {
            return nil
        }
        return try? Gateways.find(peer.gatewayID, in: scope, db)
    }
}

extension InternetGateway {
    /// Each gateway of its network and region has to have its way out; where there is none, nothing stands
    /// in the way.
    mutating func follow(_ gateways: [Gateway]) {
        let waiting = gateways.first {
            $0.region.code == region.code && $0.status != .provisioned && $0.status != .deleting
        }
        status = waiting == nil ? .provisioned : .provisioning
        statusReason = waiting?.statusReason
    }
}

extension DefaultGateway {
    /// - Parameter gateway: that of its peer.
    mutating func follow(_ gateway: Gateway?) {
        guard peerID != nil else {
            status = .provisioning
            statusReason = "it names no peer; delete it, and make one that does"
            return
        }
        let isCarried = gateway.map { $0.status == .provisioned || $0.lacksEgress } ?? false
        status = isCarried ? .provisioned : .provisioning
        statusReason = isCarried ? nil : gateway?.statusReason
    }
}

extension JournaledObject {
    fileprivate var privateService: PrivateService? {
        guard case .privateService(let service, _) = self else { return nil }
        return service
    }
}
