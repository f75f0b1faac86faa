import GatewayDomain
import GatewayStore

/// A gateway keeps its key and its subnet on another node. Its peers follow by themselves where the node's address and
/// the port are the same, as a floating address is; else their configs are outdated.
extension Transaction {
    /// - Returns: in `gateway`, as it is on the other node.
    func move(_ gateway: inout Gateway, to node: GatewayNode) throws {
        let port = gateway.endpoint.port
        let isFree =
            try node.ports.contains(port)
            && Gateways.holder(ofPort: port, on: node.id, db) == nil
        guard let kept = isFree ? port : try Gateways.lowestFreePort(of: node, db) else {
            throw ServiceError.noFreePort(on: [FullNode(node)])
        }
        gateway.nodeID = node.id
        gateway.endpoint = PublicEndpoint(host: node.host, port: kept)
        gateway.egressRange = nil
        // Until the node has said how far it is.
        gateway.status = .provisioning
        gateway.statusReason = nil
        gateway.lacksEgress = false
        try Gateways.move(gateway, db)
    }
}

extension FieldReader {
    /// Nil where the gateway stays where it is.
    mutating func node(
        _ field: Field<NodeID>,
        for gateway: Gateway,
        _ db: any SQLConnection
    ) throws -> GatewayNode? {
        if case .value(gateway.nodeID) = field.content { return nil }
        guard gateway.status != .deleting else {
            _ = optional(field) { _ in .invalid("is asked of a gateway that is being deleted") }
            return nil
        }
        return try node(field, in: gateway.region, db)
    }
}
