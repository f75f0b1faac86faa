/// A node that has no UDP port left for a gateway or a link.
package struct FullNode: Equatable, Sendable {
    package let id: NodeID
    package let name: String
    package let ports: PortRange
    /// Whether the server's settings give it its ports.
    package let isEmbedded: Bool

    package init(_ node: GatewayNode) {
        id = node.id
        name = node.name
        ports = node.ports
        isEmbedded = node.isEmbedded
    }
}
