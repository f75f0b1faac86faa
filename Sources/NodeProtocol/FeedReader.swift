package import GatewayDomain
package import WireGuardCrypto

/// Makes batches of the lines of one stream. What was not told to its end has not happened: an error, an empty
/// answer or a stream that breaks off is never a deletion.
package struct FeedReader {
    /// More objects than a node may carry.
    private static let mostObjects = 1_000_000

    package enum Event: Sendable {
        case greeting(FeedGreeting)
        case settings(NodeSettings)
        case snapshot(NodeSnapshot)
        case changes(NodeChanges)
        /// Nothing has happened up to this revision.
        case heartbeat(revision: Int64)
        case farewell(code: String, detail: String)
    }

    private let nodeID: NodeID
    private let privateKey: SecretKey
    private var opener: StreamOpener?
    /// How many objects of a snapshot are still to come; nil outside of one.
    private var missing: Int?
    private var batch: [NodeChange] = []

    /// - Parameter privateKey: the node's own, to which secrets are sealed.
    package init(of nodeID: NodeID, _ privateKey: SecretKey) {
        self.nodeID = nodeID
        self.privateKey = privateKey
    }

    /// Nil within a batch.
    package mutating func read(_ bytes: [UInt8]) throws(WireError) -> Event? {
        guard var secrets = opener else { return try greet(bytes) }
        defer { opener = secrets }
        guard let line = try FeedLine(bytes, &secrets) else { return nil }
        switch line {
        case .greeting:
            throw .outOfOrder("hello")
        case .settings(let settings):
            return .settings(settings)
        case .snapshot(let objects):
            guard missing == nil, batch.isEmpty, (0...Self.mostObjects).contains(objects) else {
                throw .outOfOrder("snapshot")
            }
            missing = objects
            return nil
        case .change(let change):
            guard batch.count < Self.mostObjects else { throw .outOfOrder("change") }
            batch.append(change)
            return nil
        case .end(let revision):
            return try end(at: revision)
        case .farewell(let code, let detail):
            return .farewell(code: code, detail: detail)
        }
    }

    private mutating func greet(_ bytes: [UInt8]) throws(WireError) -> Event {
        var none = PlainSecrets()
        switch try FeedLine(bytes, &none) {
        case .greeting(let greeting):
            guard greeting.nodeID == nodeID else { throw .member("node") }
            opener = try StreamOpener(
                with: privateKey,
                of: nodeID,
                encapsulatedKey: greeting.encapsulatedKey
            )
            return .greeting(greeting)
        case .farewell(let code, let detail):
            return .farewell(code: code, detail: detail)
        default:
            throw .outOfOrder("before hello")
        }
    }

    private mutating func end(at revision: Int64) throws(WireError) -> Event {
        defer {
            batch = []
            missing = nil
        }
        guard let objects = missing else {
            return batch.isEmpty
                ? .heartbeat(revision: revision)
                : .changes(NodeChanges(revision: revision, changes: batch))
        }
        guard batch.count == objects else { throw .outOfOrder("at") }
        return .snapshot(NodeSnapshot(revision: revision, objects: batch))
    }
}

extension NodeSnapshot {
    /// - Parameter objects: each once.
    package init(revision: Int64, objects: [NodeChange]) {
        self.init(revision: revision, gateways: [], peers: [])
        for object in objects {
            switch object {
            case .gatewayPut(let gateway): gateways.append(gateway)
            case .peerPut(let peer): peers.append(peer)
            case .linkPut(let link): links.append(link)
            case .distantLinkPut(let link): distantLinks.append(link)
            case .gatewayLeftOut, .peerLeftOut: leftOut.append(object)
            case .gatewayDeleted, .peerDeleted, .linkDeleted: break
            }
        }
    }
}
