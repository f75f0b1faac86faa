import GatewayDomain

extension Problem {
    /// Which nodes have no port left, how many a gateway takes, and how to give them more.
    static func text(ofFull nodes: [FullNode]) -> String {
        guard !nodes.isEmpty else {
            return "All UDP ports that gateways could have there are taken. Delete a gateway,"
                + " or let an admin of the server give its nodes more."
        }
        let names = nodes.map { "'\($0.name)' (\($0.ports))" }.joined(separator: ", ")
        let remedies = nodes.prefix(1).map { node in
            node.isEmbedded
                ? "the operator start the server with a larger --port-range"
                : "an admin give the node more: wgw node update \(node.id) --port-range FIRST-LAST"
        }
        return
            "All UDP ports of \(nodes.count == 1 ? "node" : "nodes") \(names) are taken. A gateway takes one port"
            + " of its node, and \(BackboneLink.lanes) more for each gateway that its network has on another node."
            + " Delete a gateway, or let \(remedies.joined())."
    }
}
