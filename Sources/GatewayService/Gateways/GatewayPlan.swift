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

    /// Throws everything that is wrong with the request at once.
    init(
        _ request: NewGateway,
        by caller: Caller,
        _ tx: Transaction
    ) throws {
        var reader = FieldReader()
        let network = try reader.network(request.networkID, in: caller.scope, tx)
        let region = try reader.region(request.regionCode, tx)
        name = reader.name(reader.optional(request.name, "/name"))
        enablesSIPTrunking =
            reader.optional(request.enablesSIPTrunking, "/enable_sip_trunking") ?? false
        askedSubnet = try Self.askedSubnet(request, in: network, &reader, tx.db)
        let length = Self.subnetLength(request, in: network, asked: askedSubnet, &reader)
        mtu = reader.number(request.mtu, in: FieldReader.mtus, "/mtu") ?? tx.settings.defaultMTU
        persistentKeepalive = reader.number(
            request.persistentKeepalive,
            in: FieldReader.keepaliveSeconds,
            "/persistent_keepalive"
        )
        try reader.finish()
        guard let network, let region, let length else {
            throw ServiceError.invalid(reader.problems)
        }
        self.network = network
        self.region = region
        self.subnetLength = length
    }

    /// The asked subnet, or the lowest free one. What a deleted gateway left a moment ago is taken only
    /// if nothing else is left, because old packets and configs may still name it; and of that, as
    /// little and what has rested longest.
    func subnet(_ tx: Transaction) throws -> IPv4Prefix {
        if let askedSubnet { return askedSubnet }
        let taken = try Gateways.subnets(of: network.id, of: network.organizationID, tx.db)
        let resting = try ReleasedSubnets.quarantine(in: network, at: tx.time, tx.db)
        // With more of the resting ones given away there is never less room: halve the interval.
        var counts = 0...resting.availableCount
        guard var free = lowestFree(taken + resting.subnets.dropFirst(counts.upperBound)) else {
            throw ServiceError.noFreeSubnet(length: subnetLength)
        }
        while counts.lowerBound < counts.upperBound {
            let middle = (counts.lowerBound + counts.upperBound) / 2
            if let found = lowestFree(taken + resting.subnets.dropFirst(middle)) {
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

    private static func askedSubnet(
        _ request: NewGateway,
        in network: Network?,
        _ reader: inout FieldReader,
        _ db: any SQLConnection
    ) throws -> IPv4Prefix? {
        let pointer = "/subnet"
        guard let subnet = reader.prefix(request.subnet, pointer), let network else { return nil }
        guard network.addressBlock.contains(subnet) else {
            reader.report(
                pointer,
                .invalid("must be inside the network's address block \(network.addressBlock)")
            )
            return nil
        }
        guard Int(subnet.length) <= SubnetPlan.longestLength else {
            reader.report(pointer, .invalid("must not be longer than /\(SubnetPlan.longestLength)"))
            return nil
        }
        let others = try Gateways.subnets(of: network.id, of: network.organizationID, db)
        if let other = others.first(where: subnet.overlaps) {
            reader.report(pointer, .invalid("overlaps \(other) of another gateway"))
            return nil
        }
        return subnet
    }

    private static func subnetLength(
        _ request: NewGateway,
        in network: Network?,
        asked: IPv4Prefix?,
        _ reader: inout FieldReader
    ) -> Int? {
        let pointer = "/subnet_prefix_length"
        let shortest = network.map { Int($0.addressBlock.length) } ?? 0
        let length = reader.number(
            request.subnetPrefixLength,
            in: shortest...SubnetPlan.longestLength,
            pointer
        )
        if let asked {
            if let length, length != Int(asked.length) {
                reader.report(pointer, .invalid("differs from that of the subnet; leave it out"))
            }
            return Int(asked.length)
        }
        return length ?? network.map { SubnetPlan.defaultLength(in: $0.addressBlock) }
    }
}
