package import GatewayDomain
import GatewayStore

extension ControlPlane {
    package func listNodes(
        name: String? = nil,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<GatewayNode> {
        try caller.require(.unrestricted(.admin))
        let found = try await store.read { db in try Nodes.list(name: name, page: page, db) }
        return PageOf(
            elements: found.elements.map(addingActivity),
            page: page,
            totalResults: found.totalResults
        )
    }

    package func showNode(_ id: NodeID, by caller: Caller) async throws -> GatewayNode {
        try caller.require(.unrestricted(.admin))
        guard let node = try await store.read({ try Nodes.find(id, $0) }) else {
            throw ServiceError.notFound
        }
        return addingActivity(node)
    }

    /// All of them, and how far the newest change is.
    package func nodeOverview(by caller: Caller) async throws -> NodeOverview {
        try caller.require(.unrestricted(.admin))
        let (nodes, newest) = try await store.readAside { db in
            (try Nodes.all(db), try Events.newestRevision(db))
        }
        return NodeOverview(nodes: nodes.map(addingActivity), newestRevision: newest)
    }

    /// What sessions tell is in memory; the embedded node is heard of as long as the server answers.
    func addingActivity(_ node: GatewayNode) -> GatewayNode {
        var node = node
        if let heard = nodeSessions.heard(of: node.id) {
            node.lastSeenAt = [node.lastSeenAt, heard.at].compactMap(\.self).max()
            node.activity.revision = heard.word.revision
            node.activity.loadPercent = heard.word.loadPercent
            node.activity.foreignSource = node.foreignSource(heard.word)
        }
        node.secondSessionAt = nodeSessions.refusedAt(node.id) ?? node.secondSessionAt
        if node.isEmbedded, settings.hasEmbeddedNode { node.lastSeenAt = now() }
        return node
    }
}

package struct NodeOverview: Sendable {
    package let nodes: [GatewayNode]
    package let newestRevision: Int64
}
