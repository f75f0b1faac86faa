import GatewayDomain
import GatewayStore
import NetAddress

/// What a peer may have inside the tunnel: an address of its gateway's subnet, and networks behind it.
/// No address belongs to two, so that a packet has one receiver; what stands in the way is named.
struct AddressRules {
    let gateway: Gateway
    /// Nil for a new peer. What it has is not in its own way.
    let peer: PeerID?
    let tx: Transaction

    /// What is wrong with an address.
    func objection(to address: IPv4Address) throws -> FieldProblem.Reason? {
        if gateway.serverAddress.address == .v4(address) {
            return .taken("is the gateway's own address")
        }
        guard gateway.mayGive(address) else {
            return .invalid(
                "must be an address for hosts of the gateway's subnet \(gateway.subnet)"
            )
        }
        let holder = try Peers.holder(ofAny: address...address, on: gateway, except: peer, tx.db)
        if let holder { return .taken("is the address of peer \(holder.peer)") }
        return try overlap(with: IPPrefix(.v4(address)), verb: "lies in")
    }

    /// What is wrong with a network behind the peer.
    func objection(to prefix: IPPrefix) throws -> FieldProblem.Reason? {
        guard prefix.length > 0 else {
            return .invalid(
                "must not be everything; make the peer the default gateway of its network instead"
            )
        }
        guard SubnetPlan.isUsable(prefix) else {
            return .invalid("overlaps addresses that no host may use, such as loopback")
        }
        if let reason = try servicesOverlapping(prefix) { return reason }
        let places = try Gateways.places(
            in: gateway.networkID,
            of: gateway.organizationID,
            tx.db
        )
        for place in places {
            if let reason = objection(to: prefix, beside: place) { return reason }
        }
        if case .v4(let prefix) = prefix {
            let addresses = prefix.firstAddress...prefix.lastAddress
            let holder = try Peers.holder(ofAny: addresses, on: gateway, except: peer, tx.db)
            if let holder {
                return .taken("contains \(holder.address), the address of peer \(holder.peer)")
            }
        }
        return try overlap(with: prefix, verb: "overlaps")
    }

    /// Services that gateways of the network lead to have addresses that peers send to already.
    private func servicesOverlapping(_ prefix: IPPrefix) throws -> FieldProblem.Reason? {
        let services = try PrivateServices.all(tx.db)
        guard !services.isEmpty else { return nil }
        for gateway in try Gateways.all(of: gateway.networkID, tx.db) {
            for service in gateway.services(among: services) {
                guard let other = service.prefixes.first(where: { prefix.overlaps(.v4($0)) })
                else { continue }
                return .taken("overlaps \(other) of the private service \(service.name)")
            }
        }
        return nil
    }

    /// A part of the peer's own gateway's subnet is allowed, so that it may have several addresses.
    private func objection(
        to prefix: IPPrefix,
        beside place: Gateways.Place
    ) -> FieldProblem.Reason? {
        let subnet = IPPrefix.v4(place.subnet)
        guard prefix.overlaps(subnet) else { return nil }
        guard place.id == gateway.id, subnet.contains(prefix) else {
            return .taken("overlaps \(subnet), the subnet of gateway \(place.gateway)")
        }
        guard prefix.contains(place.serverAddress.address) else { return nil }
        return .taken("contains \(place.serverAddress.address), the gateway's own address")
    }

    private func overlap(
        with prefix: IPPrefix,
        verb: String
    ) throws -> FieldProblem.Reason? {
        let route = try PeerPrefixes.overlapping(
            prefix,
            in: gateway.networkID,
            of: gateway.organizationID,
            except: peer,
            tx.db
        )
        guard let route else { return nil }
        return .taken("\(verb) \(route.prefix), a network behind peer \(route.peer)")
    }
}

extension FieldReader {
    /// Nil where the request gives no address, or where it is wrong or cannot be judged without its
    /// gateway.
    mutating func address(
        _ field: Field<IPv4Address>,
        by rules: AddressRules?
    ) throws -> IPv4Address? {
        try optional(field) { address in try rules?.objection(to: address) }
    }

    /// The networks in their order, without the peer's own address and without one that comes twice; nil
    /// where the request does not name them.
    mutating func allowedIPs(
        _ field: Field<[Field<IPPrefix>]>,
        beside address: IPv4Address?,
        by rules: AddressRules?
    ) throws -> [IPPrefix]? {
        let most = TunnelLimits.mostAllowedIPs
        let elements = optional(field) { elements in
            elements.count <= most ? nil : .invalid("must have at most \(most) networks")
        }
        guard let elements else { return field.isNull ? [] : nil }
        let own = address.map { IPPrefix(.v4($0)) }
        var prefixes: [IPPrefix] = []
        for element in elements {
            let prefix = try optional(element) { prefix in
                if prefix == own || prefixes.contains(prefix) { return nil }
                if let reason = try rules?.objection(to: prefix) { return reason }
                return prefixes.first(where: prefix.overlaps).map { other in
                    .invalid("overlaps \(other) of this request; leave one of them out")
                }
            }
            if let prefix, prefix != own, !prefixes.contains(prefix) { prefixes.append(prefix) }
        }
        return prefixes.sorted()
    }
}
