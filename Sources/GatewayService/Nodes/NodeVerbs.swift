package import GatewayDomain
import GatewayStore
import NetAddress

/// A node with the secret of its join token, which is shown only once.
package struct NodeWithToken: Sendable {
    package let node: GatewayNode
    package let secret: LinkSecret
}

/// What admins do to nodes.
extension Verb<NodeWithToken> {
    /// Makes a node, and what lets one machine become it, once.
    package static func createNode(_ request: NewNode) -> Verb {
        Verb(requiring: .unrestricted(.admin)) { tx, _ in
            var reader = FieldReader()
            let name = reader.required(request.name)
            let regions = try reader.nodeRegions(request.regionCodes, tx)
            if regions == nil, request.regionCodes.isUnsaid {
                reader.report(request.regionCodes, .missing)
            }
            let host = reader.required(request.host)
            reader.requireReachable(host.known, request.host)
            let ports = reader.optional(request.ports)
            let lifetime = reader.optional(request.expiresIn) ?? JoinToken.defaultSeconds
            let node = try reader.finish { fields in
                GatewayNode(
                    id: .random(),
                    name: try fields.value(name),
                    regionCodes: regions ?? [],
                    host: try fields.value(host),
                    ports: ports ?? PortRange(tx.settings.portRange),
                    presence: .joining,
                    presenceSince: tx.time,
                    createdAt: tx.time,
                    updatedAt: tx.time
                )
            }
            try tx.checkLimit(GatewayNode.mostNodes, of: "nodes") { try Nodes.count(tx.db) }
            do {
                try Nodes.insert(node, tx.db)
            } catch StoreError.violated(.nodeName) {
                throw ServiceError.duplicateNodeName
            }
            let made = try tx.giveToken(to: node, for: lifetime)
            try tx.journal.created(.node(made.node, of: tx.operatorOrganization()))
            return made
        }
    }

    /// Makes a new token for a node: for a machine that did not join in time, or one that takes the place of the
    /// machine that the node was until now. That one is turned away when the token is used, and not before.
    package static func makeJoinToken(_ id: NodeID, _ request: NewJoinToken) -> Verb {
        Verb(requiring: .unrestricted(.admin)) { tx, _ in
            guard let old = try Nodes.find(id, tx.db) else { throw ServiceError.notFound }
            guard !old.isEmbedded else { throw ServiceError.embeddedNode }
            var reader = FieldReader()
            let lifetime = reader.optional(request.expiresIn) ?? JoinToken.defaultSeconds
            try reader.finish()
            let made = try tx.giveToken(to: old, for: lifetime)
            try Nodes.update(made.node, tx.db)
            try tx.noteNode(old, made.node)
            return made
        }
    }
}

extension Verb<GatewayNode> {
    /// Changes a node. Its gateways follow where it is reached at another place, and those of its peers that do
    /// not find it by name need new configs.
    package static func updateNode(
        _ id: NodeID,
        _ change: NodeChangeRequest,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: .unrestricted(.admin)) { tx, _ in
            guard let old = try Nodes.find(id, tx.db) else { throw ServiceError.notFound }
            try precondition.check(old.updatedAt)
            guard !old.isEmbedded || change.leavesPlace else { throw ServiceError.embeddedNode }
            var reader = FieldReader()
            let name = reader.optional(change.name)
            let regions = try reader.nodeRegions(change.regionCodes, tx)
            let host = reader.optional(change.host)
            reader.requireReachable(host, change.host)
            let ports = reader.optional(change.ports)
            let isDraining = reader.optional(change.isDraining)
            try reader.requireKept(change, regions, of: old, tx)
            try reader.requireKept(change, ports, of: old, tx)
            try reader.finish()
            var node = old
            node.name = name ?? old.name
            node.regionCodes = regions ?? old.regionCodes
            node.host = host ?? old.host
            node.ports = ports ?? old.ports
            node.isDraining = isDraining ?? old.isDraining
            guard node != old else { return old }
            node.updatedAt = tx.time
            do {
                try Nodes.update(node, tx.db)
            } catch StoreError.violated(.nodeName) {
                throw ServiceError.duplicateNodeName
            }
            try tx.noteNode(old, node)
            try tx.followHost(of: node)
            return node
        }
    }

    /// Answers the node as it was. Its credentials end with it: what shows one of them is turned away.
    package static func deleteNode(
        _ id: NodeID,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: .unrestricted(.admin)) { tx, _ in
            guard let node = try Nodes.find(id, reading: .forDeletion, tx.db) else {
                throw ServiceError.notFound
            }
            try precondition.check(node.updatedAt)
            guard !node.isEmbedded else { throw ServiceError.embeddedNode }
            guard node.activity.gatewaysCount == 0 else {
                throw ServiceError.nodeInUse(gateways: node.activity.gatewaysCount)
            }
            try Nodes.delete(node, tx.db)
            try tx.journal.deleted(.node(node, of: tx.operatorOrganization()))
            return node
        }
    }
}

extension NodeChangeRequest {
    /// Whether it leaves alone what the settings decide about the embedded node.
    fileprivate var leavesPlace: Bool {
        regionCodes.isUnsaid && host.isUnsaid && ports.isUnsaid
    }
}

extension FieldReader {
    /// Regions that there are, each once. Nil where the request says nothing.
    fileprivate mutating func nodeRegions(
        _ field: Field<[Field<String>]>,
        _ tx: Transaction
    ) throws -> [String]? {
        let elements = optional(field) { elements in
            guard (1...GatewayNode.mostRegions).contains(elements.count) else {
                return .invalid("must have 1 to \(GatewayNode.mostRegions) regions")
            }
            return nil
        }
        guard let elements else { return nil }
        var codes: [String] = []
        for element in elements {
            let code = try optional(element) { code in
                if codes.contains(code) { return .invalid("is in the list twice") }
                return try Regions.find(code: code, tx.db) == nil ? .unknownRegion : nil
            }
            if let code { codes.append(code) }
        }
        return codes
    }

    /// Peers are told to send there, each from a machine of its own. A name leads where its owner wants.
    fileprivate mutating func requireReachable(_ host: PublicHost?, _ field: Field<PublicHost>) {
        guard case .address(let address)? = host else { return }
        let obstacle = address.isLoopback ? "leads each peer to itself" : address.obstacle
        guard let obstacle else { return }
        report(
            field,
            .invalid("must be where peers reach the machine of the node: \(address) \(obstacle)")
        )
    }

    /// A node keeps the ports that its gateways have: peers and other nodes were told to send there, and a firewall
    /// that follows the range would cut them off.
    fileprivate mutating func requireKept(
        _ change: NodeChangeRequest,
        _ ports: PortRange?,
        of node: GatewayNode,
        _ tx: Transaction
    ) throws {
        guard let ports else { return }
        let left = try Gateways.takenPorts(of: node, tx.db).filter { !ports.contains($0) }
        guard let first = left.min(), let last = left.max() else { return }
        let what =
            left.count == 1
            ? "UDP port \(first), which a gateway of the node has"
            : "\(left.count) UDP ports from \(first) to \(last), which gateways of the node have"
        report(
            change.ports,
            .invalid("leaves out \(what) for itself or for a link; move or delete gateways first")
        )
    }

    /// A node keeps the regions of the gateways that it has.
    fileprivate mutating func requireKept(
        _ change: NodeChangeRequest,
        _ regions: [String]?,
        of node: GatewayNode,
        _ tx: Transaction
    ) throws {
        guard let regions else { return }
        for code in node.regionCodes where !regions.contains(code) {
            guard try Gateways.count(inRegion: code, on: node.id, tx.db) > 0 else { continue }
            report(
                change.regionCodes,
                .invalid("leaves out \(code), of which the node has gateways; move them first")
            )
        }
    }
}

extension Transaction {
    fileprivate func giveToken(to node: GatewayNode, for seconds: Int) throws -> NodeWithToken {
        var node = node
        let end = time.advanced(bySeconds: Int64(seconds))
        let secret = LinkSecret.random()
        try Nodes.setToken(of: node.id, hash: secret.hash, expiresAt: end, db)
        node.tokenExpiresAt = end
        node.updatedAt = time
        return NodeWithToken(node: node, secret: secret)
    }

    func noteNode(_ old: GatewayNode, _ new: GatewayNode) throws {
        let organization = try operatorOrganization()
        try journal.updated(.node(old, of: organization), to: .node(new, of: organization))
    }

    /// The gateways of a node are found where the node is.
    func followHost(of node: GatewayNode) throws {
        for gateway in try Gateways.elsewhere(than: node.host, on: node.id, db) {
            var moved = gateway
            moved.endpoint.host = node.host
            moved.updatedAt = time
            try NodeTables.setEndpoint(of: moved, db)
            try journal.updated(.gateway(gateway), to: .gateway(moved))
        }
    }
}
