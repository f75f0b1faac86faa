package import GatewayDomain
import GatewayStore
import NetAddress

extension ControlPlane {
    /// Follows a packet from one peer of a network to another, or to any address, as far as the server
    /// can know what becomes of it.
    ///
    /// - Parameters:
    ///   - from: the id, the name or the address of a peer.
    ///   - to: the same, or any other address.
    package func explainPath(
        in networkID: NetworkID,
        from: String,
        to: String,
        by caller: Caller
    ) async throws -> PathExplanation {
        try await store.readAside { db in
            guard let network = try Networks.find(networkID, in: caller.scope, db) else {
                throw ServiceError.notFound
            }
            let ends = PathEnds(network: network.id, scope: caller.scope)
            let source = try ends.source(from, db)
            let target = try ends.target(to, db)
            return try pathEvidence(source, target, network, caller.scope, db).explanation
        }
    }

    private func pathEvidence(
        _ source: Peer,
        _ target: PathEnds.Target,
        _ network: Network,
        _ scope: Scope,
        _ db: any SQLConnection
    ) throws -> PathEvidence {
        let evidence = try evidence(source.id, in: scope, db)
        let wayOut = try WayOut(of: source, on: evidence.gateway, db)
        var title: String?
        if case .peer(let id) = wayOut {
            title = try Peers.find(id, in: scope, db).map {
                $0.name.map { "'\($0)'" } ?? "\($0.address)"
            }
        }
        return PathEvidence(
            network: network,
            source: evidence,
            target: try target.resolved { try self.evidence($0.id, in: scope, db) },
            link: try link(from: evidence, wayOut, to: target, in: network, scope, db),
            routes: try routes(of: source, on: evidence.gateway, in: network, db),
            wayOut: wayOut,
            wayOutTitle: title,
            rules: settings.serviceRules
        )
    }
}

extension ControlPlane {
    /// Between the gateway of the sender and the one that has the address, or leads there.
    private func link(
        from source: PeerEvidence,
        _ wayOut: WayOut,
        to target: PathEnds.Target,
        in network: Network,
        _ scope: Scope,
        _ db: any SQLConnection
    ) throws -> LinkEvidence? {
        let other: GatewayID?
        switch target {
        case .peer(let peer, _): other = peer.gatewayID
        case .gateway(let address), .unused(let address):
            other = try Gateways.places(in: network.id, of: network.organizationID, db)
                .first { IPPrefix.v4($0.subnet).contains(address) }?.id
        case .elsewhere(let address):
            if let service = source.service(at: address) {
                other = source.distantWaysOut.way(to: service)?.gatewayID
            } else if case .distantInternet(let gateway) = wayOut,
                settings.serviceRules.isPublic(address),
                !source.servicesOfOthers.contains(where: { $0.contains(address) })
            {
                other = gateway
            } else {
                other = nil
            }
        }
        guard let other,
            var link = try BackboneLinks.find(between: source.gateway.id, and: other, db)
        else { return nil }
        link.figures = linkMeasurements[link.id]
        return try LinkEvidence(link, from: source.gateway.id, in: scope, db)
    }

    /// What a config of the peer leads to its gateway where it does not lead everything there.
    private func routes(
        of peer: Peer,
        on gateway: Gateway,
        in network: Network,
        _ db: any SQLConnection
    ) throws -> [IPPrefix] {
        let subnets = try Gateways.readableSubnets(of: network.id, of: network.organizationID, db)
        let all = try PrivateServices.all(db)
        let services =
            try gateway.services(among: all)
            + DistantWaysOut(of: gateway.id, among: all, db).services
        let sites = try PeerPrefixes.list(of: network.id, of: network.organizationID, db)
        return subnets.sorted().map { .v4($0) }
            + sites.filter { $0.peerID != peer.id }.map(\.prefix)
            + services.flatMap(\.prefixes).map { .v4($0) }
    }
}

/// Finds the peers that a request names.
struct PathEnds {
    let network: NetworkID
    let scope: Scope

    enum Target {
        case peer(Peer, at: IPAddress)
        case gateway(IPAddress)
        case unused(IPAddress)
        case elsewhere(IPAddress)
    }

    /// How many ids an error lists.
    private static let listed = 10

    func source(_ text: String, _ db: any SQLConnection) throws -> Peer {
        guard let found = try peer(text, .from, db) else {
            throw UnresolvedPathEnd(.from, .unknown)
        }
        return found.peer
    }

    func target(_ text: String, _ db: any SQLConnection) throws -> Target {
        if let (peer, address) = try peer(text, .to, db) { return .peer(peer, at: address) }
        guard let address = IPAddress(text) else { throw UnresolvedPathEnd(.to, .unknown) }
        let gateways = try Gateways.places(in: network, of: scope.organizationID, db)
        if gateways.contains(where: { $0.serverAddress.address == address }) {
            return .gateway(address)
        }
        let isOwn = gateways.contains { IPPrefix.v4($0.subnet).contains(address) }
        return isOwn ? .unused(address) : .elsewhere(address)
    }

    /// An id before an address, and an address before a name.
    private func peer(
        _ text: String,
        _ end: UnresolvedPathEnd.End,
        _ db: any SQLConnection
    ) throws -> (peer: Peer, address: IPAddress)? {
        if let id = PeerID(text), let peer = try Peers.find(id, in: scope, db),
            try Gateways.find(peer.gatewayID, in: scope, db)?.networkID == network
        {
            return (peer, .v4(peer.address))
        }
        if let address = IPAddress(text) {
            let owners = AddressOwners(network: network, scope: scope)
            return try owners.peer(at: address, db).map { ($0, address) }
        }
        let named = try Peers.named(text, in: network, of: scope, limit: Self.listed, db)
        guard named.count < 2 else {
            throw UnresolvedPathEnd(end, .ambiguous(named.map(\.id)))
        }
        return named.first.map { ($0, .v4($0.address)) }
    }
}

extension PathEnds.Target {
    func resolved(_ evidence: (Peer) throws -> PeerEvidence) rethrows -> PathEvidence.Receiver {
        switch self {
        case .peer(let peer, let address): .peer(try evidence(peer), at: address)
        case .gateway(let address): .gateway(address)
        case .unused(let address): .unused(address)
        case .elsewhere(let address): .elsewhere(address)
        }
    }
}
