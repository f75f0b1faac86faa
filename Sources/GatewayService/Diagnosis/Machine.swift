import GatewayDomain

/// The machine that carries a gateway, in sentences about what is to be done there.
struct Machine {
    /// Nil for the server's own.
    private let node: GatewayNode?

    init(of node: GatewayNode?) { self.node = node.flatMap { $0.isEmbedded ? nil : $0 } }

    /// Whether a command that helps there is one for the server's own machine.
    var isServer: Bool { node == nil }

    /// What its firewall, its router and its log belong to.
    var name: String { node.map { "the node '\($0.name)'" } ?? "the server" }

    /// Where it is known that nothing is done there for the time being.
    var isAway: Bool { node?.absentSince != nil }
}
