import GatewayDomain
import GatewayStore
import NetAddress
import WireGuardCrypto

/// A request for a gateway in which everything is known to be right.
struct GatewayPlan {
    let network: Network
    let region: Region
    let name: String?
    let enablesSIPTrunking: Bool
    let serviceNames: [String]?
    let mtu: Int
    let persistentKeepalive: Int?
    /// What a gateway in the place of another server brings along. Nil where it is made.
    let privateKey: SecretKey?
    let givenAddress: IPv4Address?
    /// Where it may be, the first choice first.
    private let nodes: [GatewayNode]
    private let askedPort: UInt16?
    private let askedSubnet: IPv4Prefix?
    private let subnetLength: Int
}

extension GatewayPlan {
    /// Throws everything that is wrong with the request at once.
    init(_ request: NewGateway, by caller: Caller, _ tx: Transaction) throws {
        var reader = FieldReader()
        let network = try reader.network(request.networkID, in: caller.scope, tx)
        let region = try reader.region(request.regionCode, by: caller, tx)
        let name = reader.optional(request.name)
        let enablesSIPTrunking = reader.optional(request.enablesSIPTrunking) ?? false
        let serviceNames = try reader.serviceNames(
            request.serviceNames,
            by: caller,
            tx
        )
        let serverAddress = try reader.serverAddress(request, in: network.known, tx.db)
        let subnet =
            try reader.subnet(request, in: network.known, beside: serverAddress, tx.db)
            ?? serverAddress?.subnet
        let length = reader.subnetLength(request, in: network.known, of: subnet)
        let mtu = reader.optional(request.mtu) ?? tx.settings.defaultMTU
        let keepalive = reader.optional(request.persistentKeepalive)
        let privateKey = try reader.optional(request.privateKey) { key in
            let holder = try Gateways.holder(of: X25519.publicKey(of: key), tx.db)
            return holder.map { .taken("is the key of \($0.text(for: caller))") }
        }
        let placement = try Placement(tx.db)
        let nodes =
            try reader.node(request.nodeID, in: region.known, tx.db).map { [$0] }
            ?? region.known.map { placement.candidates(in: $0.code) } ?? []
        let port = try reader.optional(request.listenPort) { port in
            // The region is wrong, which is told.
            guard !nodes.isEmpty else { return nil }
            let holders = try nodes.compactMap {
                try Gateways.holder(ofPort: port, on: $0.id, tx.db)
            }
            guard let holder = holders.first, holders.count == nodes.count else { return nil }
            return .taken("is the port of \(holder.text(for: caller))")
        }
        self = try reader.finish { fields in
            let network = try fields.value(network)
            return GatewayPlan(
                network: network,
                region: try fields.value(region),
                name: name,
                enablesSIPTrunking: enablesSIPTrunking,
                serviceNames: serviceNames,
                mtu: mtu,
                persistentKeepalive: keepalive,
                privateKey: privateKey,
                givenAddress: serverAddress?.address,
                nodes: nodes,
                askedPort: port,
                askedSubnet: subnet,
                subnetLength: length ?? SubnetPlan.defaultLength(in: network.addressBlock)
            )
        }
    }
}

/// What is wrong with a subnet that a request asks for.
private func judge(
    _ subnet: IPv4Prefix,
    in network: Network,
    _ db: any SQLConnection
) throws -> FieldProblem.Reason? {
    guard network.addressBlock.contains(subnet) else {
        return .invalid("must be inside the network's address block \(network.addressBlock)")
    }
    guard Int(subnet.length) <= SubnetPlan.longestLength else {
        return .invalid("must not be longer than /\(SubnetPlan.longestLength)")
    }
    let others = try Gateways.subnets(of: network.id, of: network.organizationID, db)
    if let other = others.first(where: subnet.overlaps) {
        return .taken("overlaps \(other) of another gateway")
    }
    let route = try PeerPrefixes.overlapping(
        .v4(subnet),
        in: network.id,
        of: network.organizationID,
        db
    )
    return route.map { .taken("overlaps \($0.prefix), a network behind peer \($0.peer)") }
}

extension Gateways.Holder {
    /// Names no object of another organization.
    fileprivate func text(for caller: Caller) -> String {
        organizationID == caller.organizationID
            ? "gateway \(gateway)" : "a gateway of another organization"
    }
}

/// An own address that a request gives, and the subnet that follows from it.
private struct ServerAddress {
    let address: IPv4Address
    let subnet: IPv4Prefix

    /// Nil for an address of IPv6.
    init?(_ given: InterfaceAddress) {
        guard case .v4(let address) = given.address, case .v4(let subnet) = given.prefix else {
            return nil
        }
        self.address = address
        self.subnet = subnet
    }
}

extension FieldReader {
    /// Nil also where the network is unknown, as for a subnet.
    fileprivate mutating func serverAddress(
        _ request: NewGateway,
        in network: Network?,
        _ db: any SQLConnection
    ) throws -> ServerAddress? {
        let given = try optional(request.serverAddress) { given in
            guard let address = ServerAddress(given) else {
                return .invalid("must be an IPv4 address")
            }
            guard let network else { return nil }
            if let reason = try judge(address.subnet, in: network, db) { return reason }
            let hosts = SubnetPlan.peerAddresses(in: address.subnet)
            return hosts?.contains(address.address) == true
                ? nil : .invalid("must be an address for hosts of its subnet \(address.subnet)")
        }
        return network == nil ? nil : given.flatMap { ServerAddress($0) }
    }

    /// Nil also where the network is unknown: whether the subnet fits cannot be told then, and nothing
    /// is compared with it.
    fileprivate mutating func subnet(
        _ request: NewGateway,
        in network: Network?,
        beside serverAddress: ServerAddress?,
        _ db: any SQLConnection
    ) throws -> IPv4Prefix? {
        let subnet = try optional(request.subnet) { subnet in
            if let serverAddress, serverAddress.subnet != subnet {
                return .invalid("differs from that of the gateway's address; leave it out")
            }
            return try network.flatMap { try judge(subnet, in: $0, db) }
        }
        return network == nil ? nil : subnet
    }

    /// Nil where the network's block decides.
    fileprivate mutating func subnetLength(
        _ request: NewGateway,
        in network: Network?,
        of subnet: IPv4Prefix?
    ) -> Int? {
        let shortest = network.map { Int($0.addressBlock.length) } ?? 0
        let lengths = shortest...SubnetPlan.longestLength
        let length = optional(request.subnetPrefixLength) { length in
            lengths.contains(length) ? nil : .outOfRange(lengths)
        }
        guard let subnet else { return length }
        if let length, length != Int(subnet.length) {
            report(
                request.subnetPrefixLength,
                .invalid("differs from that of the subnet; leave it out")
            )
        }
        return Int(subnet.length)
    }
}

extension GatewayPlan {
    /// The asked subnet, or the lowest free one. What a deleted gateway left a moment ago is taken only
    /// if nothing else is left, because old packets and configs may still name it; and of that, as
    /// little and what has been in quarantine longest.
    func subnet(_ tx: Transaction) throws -> IPv4Prefix {
        if let askedSubnet { return askedSubnet }
        let taken =
            try Gateways.subnets(of: network.id, of: network.organizationID, tx.db)
            + PeerPrefixes.list(of: network.id, of: network.organizationID, tx.db)
            .compactMap { route in
                if case .v4(let prefix) = route.prefix { prefix } else { nil }
            }
        let quarantine = try ReleasedSubnets.quarantine(in: network, at: tx.time, tx.db)
        // With more of the quarantine given away there is never less room: halve the interval.
        var counts = 0...quarantine.availableCount
        guard var free = lowestFree(taken + quarantine.subnets.dropFirst(counts.upperBound)) else {
            throw ServiceError.noFreeSubnet(length: subnetLength)
        }
        while counts.lowerBound < counts.upperBound {
            let middle = (counts.lowerBound + counts.upperBound) / 2
            if let found = lowestFree(taken + quarantine.subnets.dropFirst(middle)) {
                free = found
                counts = counts.lowerBound...middle
            } else {
                counts = middle + 1...counts.upperBound
            }
        }
        return free
    }

    /// The first node that has the asked port free, or any, and there the lowest free one.
    func place(_ tx: Transaction) throws -> (node: GatewayNode, port: UInt16) {
        for node in nodes {
            if let askedPort {
                if try Gateways.holder(ofPort: askedPort, on: node.id, tx.db) == nil {
                    return (node, askedPort)
                }
            } else if let port = try Gateways.lowestFreePort(of: node, tx.db) {
                return (node, port)
            }
        }
        throw ServiceError.noFreePort(on: nodes.map { FullNode($0) })
    }

    private func lowestFree(_ others: [IPv4Prefix]) -> IPv4Prefix? {
        SubnetPlan.lowestFreeSubnet(
            length: subnetLength,
            in: network.addressBlock,
            avoiding: others
        )
    }
}
