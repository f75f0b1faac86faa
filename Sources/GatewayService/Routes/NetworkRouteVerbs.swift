package import GatewayDomain
import GatewayStore
import NetAddress

/// A static route is a network behind a peer, of the peer's `allowed_ips`: whichever of the two is changed,
/// the other shows it.
extension Verb<NetworkRoute> {
    package static func createNetworkRoute(_ request: NewNetworkRoute) -> Verb {
        Verb(requiring: .role(.member)) { tx, caller in
            var reader = FieldReader()
            let network = try reader.network(request.networkID, in: caller.scope, tx)
            let prefix = reader.required(request.prefix)
            let nextHop = reader.required(request.nextHop)
            let hop = try reader.peer(nextHop.known, of: network.known, for: caller, tx.db)
            if let prefix = prefix.known, let hop {
                let reason = try hop.objection(to: prefix, tx)
                if let reason { reader.report(request.prefix, reason) }
            }
            let (added, id) = try reader.finish { fields in
                _ = try fields.value(nextHop)
                return (IPPrefix.v4(try fields.value(prefix)), try fields.value(network).id)
            }
            guard let hop else { throw ServiceError.notFound }
            var peer = hop.peer
            peer.allowedIPs = (peer.allowedIPs + [added]).sorted()
            _ = try tx.update(hop.peer, to: peer, of: hop.gateway)
            let route = try NetworkRoutes.find(added, in: id, of: caller.organizationID, tx.db)
            guard let route else { throw ServiceError.notFound }
            return route
        }
    }

    package static func deleteNetworkRoute(_ id: NetworkRouteID) -> Verb {
        Verb(requiring: .role(.member)) { tx, caller in
            guard let route = try NetworkRoutes.find(id, in: caller.scope, tx.db) else {
                throw ServiceError.notFound
            }
            guard let peerID = NetworkRoutes.peer(of: route) else {
                throw ServiceError.attachedRoute(route)
            }
            guard let old = try Peers.find(peerID, in: caller.scope, tx.db),
                let gateway = try Gateways.find(old.gatewayID, in: caller.scope, tx.db)
            else { throw ServiceError.notFound }
            var peer = old
            peer.allowedIPs.removeAll { $0 == route.prefix }
            _ = try tx.update(old, to: peer, of: gateway)
            return route
        }
    }
}

/// The peer that a route is to lead to.
private struct PeerHop {
    let peer: Peer
    let gateway: Gateway

    func objection(to prefix: IPv4Prefix, _ tx: Transaction) throws -> FieldProblem.Reason? {
        if prefix.length == 0 {
            return .invalid(
                "must not be everything; make the peer the default gateway of its network instead"
            )
        }
        if let reserved = SubnetPlan.reservedForRoutes.first(where: prefix.overlaps) {
            return .invalid("overlaps \(reserved), addresses that no route may have")
        }
        if peer.allowedIPs.contains(.v4(prefix)) {
            return .taken("is behind this peer already")
        }
        if let other = peer.allowedIPs.first(where: IPPrefix.v4(prefix).overlaps) {
            return .taken("overlaps \(other), a network behind the same peer")
        }
        guard peer.allowedIPs.count < TunnelLimits.mostAllowedIPs else {
            return .invalid(
                "is one network too many: a peer has at most \(TunnelLimits.mostAllowedIPs)"
            )
        }
        let places = try Gateways.places(in: gateway.networkID, of: gateway.organizationID, tx.db)
        if let place = places.first(where: { $0.subnet.overlaps(prefix) }) {
            return .taken("overlaps \(place.subnet), the subnet of gateway \(place.gateway)")
        }
        return try AddressRules(gateway: gateway, peer: peer.id, tx: tx).objection(to: .v4(prefix))
    }
}

extension FieldReader {
    /// Nil where the request does not name one, or names none of the network.
    fileprivate mutating func peer(
        _ request: NewNetworkRoute.RequestedHop?,
        of network: Network?,
        for caller: Caller,
        _ db: any SQLConnection
    ) throws -> PeerHop? {
        guard let request else { return nil }
        _ = required(request.kind)
        let id = required(request.id)
        guard let network else { return nil }
        return try existing(id, of: request.id) { id in
            guard let peer = try Peers.find(id, in: caller.scope, db),
                let gateway = try Gateways.find(peer.gatewayID, in: caller.scope, db),
                gateway.networkID == network.id
            else { return nil }
            return PeerHop(peer: peer, gateway: gateway)
        }.known
    }
}
