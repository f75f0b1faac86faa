import GatewayDomain
import GatewayStore

/// Where gateways can be, as of one transaction.
struct Placement {
    /// The oldest first.
    private let all: [GatewayNode]
    /// Those that take new gateways.
    private var nodes: [GatewayNode] { all.filter(\.takesGateways) }

    init(_ db: any SQLConnection) throws(StoreError) { all = try Nodes.all(db) }

    /// A region is offered when a node of it takes gateways.
    var regionCodes: Set<String> { Set(nodes.flatMap(\.regionCodes)) }

    /// The nodes of a region in the order in which a new gateway is offered to them: those that are connected
    /// before those that are away, and of these the one with the fewest gateways.
    func candidates(in regionCode: String) -> [GatewayNode] {
        nodes.filter { $0.regionCodes.contains(regionCode) }
            .enumerated()
            .sorted { $0.element.rank(at: $0.offset) < $1.element.rank(at: $1.offset) }
            .map(\.element)
    }

    /// Why no gateway can be made in a region that there is, for those who see nodes. Completes the sentence "This value …".
    func obstacle(to regionCode: String) -> String? {
        let nodes = all.filter { $0.regionCodes.contains(regionCode) }
        if nodes.contains(where: \.takesGateways) { return nil }
        if let draining = nodes.first(where: { $0.presence != .joining }) {
            return """
                names a region whose nodes are draining and take no gateways; wgw node drain --undo \(draining.id) \
                lets '\(draining.name)' take them again
                """
        }
        if let joining = nodes.first {
            return """
                names a region whose nodes have not joined yet; wgw node token \(joining.id) makes a token for the \
                machine that is to be '\(joining.name)', and wgw node --join TOKEN is run there
                """
        }
        return """
            names a region without a node; wgw node create NAME --region \(regionCode) --endpoint-address HOST makes \
            one
            """
    }
}

extension GatewayNode {
    fileprivate func rank(at place: Int) -> (Int, Int, Int) {
        (presence == .connected ? 0 : 1, activity.gatewaysCount, place)
    }

    /// Why a gateway of a region cannot come to the node. Completes the sentence "This value …".
    func obstacle(to regionCode: String) -> String? {
        guard regionCodes.contains(regionCode) else {
            return "is a node of \(regionCodes.joined(separator: ", ")), and not of \(regionCode)"
        }
        if presence == .joining { return "is a node that has not joined yet" }
        return isDraining ? "is a node that is draining, and takes no gateways" : nil
    }
}

extension FieldReader {
    /// The node that a request names for a gateway.
    mutating func node(
        _ field: Field<NodeID>,
        in region: Region?,
        _ db: any SQLConnection
    ) throws -> GatewayNode? {
        var found: GatewayNode?
        _ = try optional(field) { id in
            guard let node = try Nodes.find(id, db) else { return .unknownAssociation }
            found = node
            return region.flatMap { node.obstacle(to: $0.code) }.map { .invalid($0) }
        }
        return found
    }
}
