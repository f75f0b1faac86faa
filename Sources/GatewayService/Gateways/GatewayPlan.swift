import GatewayDomain
import GatewayStore
import NetAddress

/// A request for a gateway in which everything is known to be right.
struct GatewayPlan {
    let network: Network
    let region: Region
    let name: String?
    let enablesSIPTrunking: Bool
    let mtu: Int
    let persistentKeepalive: Int?
    private let askedSubnet: IPv4Prefix?
    private let subnetLength: Int
}

extension GatewayPlan {
    /// Throws everything that is wrong with the request at once.
    init(_ request: NewGateway, by caller: Caller, _ tx: Transaction) throws {
        var reader = FieldReader()
        let network = try reader.network(request.networkID, in: caller.scope, tx)
        let region = try reader.region(request.regionCode, tx)
        let name = reader.optional(request.name)
        let enablesSIPTrunking = reader.optional(request.enablesSIPTrunking) ?? false
        let subnet = try reader.subnet(request, in: network.known, tx.db)
        let length = reader.subnetLength(request, in: network.known, of: subnet)
        let mtu = reader.optional(request.mtu) ?? tx.settings.defaultMTU
        let keepalive = reader.optional(request.persistentKeepalive)
        self = try reader.finish { fields in
            let network = try fields.value(network)
            return GatewayPlan(
                network: network,
                region: try fields.value(region),
                name: name,
                enablesSIPTrunking: enablesSIPTrunking,
                mtu: mtu,
                persistentKeepalive: keepalive,
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
        return .invalid("overlaps \(other) of another gateway")
    }
    return nil
}

extension FieldReader {
    /// Nil also where the network is unknown: whether the subnet fits cannot be told then, and nothing
    /// is compared with it.
    fileprivate mutating func subnet(
        _ request: NewGateway,
        in network: Network?,
        _ db: any SQLConnection
    ) throws -> IPv4Prefix? {
        let subnet = try optional(request.subnet) { subnet in
            try network.flatMap { try judge(subnet, in: $0, db) }
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
        let taken = try Gateways.subnets(of: network.id, of: network.organizationID, tx.db)
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

    private func lowestFree(_ others: [IPv4Prefix]) -> IPv4Prefix? {
        SubnetPlan.lowestFreeSubnet(
            length: subnetLength,
            in: network.addressBlock,
            avoiding: others
        )
    }
}
