import GatewayDomain
import JSON

/// One line of the stream that a node follows.
package enum FeedLine: Sendable {
    /// The first one, and only the first.
    case greeting(FeedGreeting)
    /// They are others than the greeting had.
    case settings(NodeSettings)
    /// As many changes follow as it says, then the end of the batch. Together they are everything that there is:
    /// what is not among them was deleted. Where the stream ends before that, nothing has happened.
    case snapshot(objects: Int)
    case change(NodeChange)
    /// The end of a batch: everything up to this revision has been told. Without lines before it, a heartbeat.
    case end(revision: Int64)
    /// The control plane wants nothing more of this connection, and says why.
    case farewell(code: String, detail: String)
}

extension FeedLine {
    /// With its end.
    package func written(_ secrets: inout some SecretSealing) throws(WireError) -> [UInt8] {
        try json(&secrets).line
    }

    private func json(_ secrets: inout some SecretSealing) throws(WireError) -> JSONValue {
        switch self {
        case .greeting(let greeting): return ["hello": greeting.written]
        case .settings(let settings): return ["settings": settings.written]
        case .snapshot(let objects): return ["snapshot": .integer(objects)]
        case .end(let revision): return ["at": .integer(Int(revision))]
        case .farewell(let code, let detail):
            return ["bye": .string(code), "detail": .string(detail)]
        case .change(let change): return try change.written(&secrets)
        }
    }

    /// Nil for a kind of line that a later version has: a greeting says what both know, so that what has to be
    /// understood is not among them.
    package init?(_ bytes: [UInt8], _ secrets: inout some SecretOpening) throws(WireError) {
        let line = try WireObject(bytes)
        switch line.kind {
        case "hello": self = .greeting(try FeedGreeting(try line.object("hello")))
        case "settings": self = .settings(try NodeSettings(try line.object("settings")))
        case "snapshot": self = .snapshot(objects: try line.integer("snapshot"))
        case "at": self = .end(revision: try line.integer("at"))
        case "bye":
            self = .farewell(code: try line.text("bye"), detail: try line.text("detail"))
        default:
            guard let change = try NodeChange(line, &secrets) else { return nil }
            self = .change(change)
        }
    }
}

extension NodeChange {
    fileprivate func written(_ secrets: inout some SecretSealing) throws(WireError) -> JSONValue {
        switch self {
        case .gatewayPut(let gateway): return ["gateway": try gateway.written(&secrets)]
        case .peerPut(let peer): return ["peer": try peer.written(&secrets)]
        case .gatewayDeleted(let id): return ["no_gateway": .string(id)]
        case .peerDeleted(let id): return ["no_peer": .string(id)]
        case .linkPut(let link): return ["link": try link.written(&secrets)]
        case .distantLinkPut(let link): return ["distant_link": link.written]
        case .linkDeleted(let id): return ["no_link": .string(id)]
        case .gatewayLeftOut(let id, let reason):
            var writer = WireWriter()
            writer.add("id", text: id)
            writer.add("reason", text: reason)
            return ["gateway_left_out": writer.json]
        case .peerLeftOut(let id, let gateway, let reason):
            var writer = WireWriter()
            writer.add("id", text: id)
            writer.add("gateway", text: gateway)
            writer.add("reason", text: reason)
            return ["peer_left_out": writer.json]
        }
    }

    fileprivate init?(
        _ line: WireObject,
        _ secrets: inout some SecretOpening
    ) throws(WireError) {
        switch line.kind {
        case "gateway":
            self = .gatewayPut(try GatewayProvision(try line.object("gateway"), &secrets))
        case "peer":
            self = .peerPut(try PeerProvision(try line.object("peer"), &secrets))
        case "no_gateway": self = .gatewayDeleted(try line.value("no_gateway"))
        case "no_peer": self = .peerDeleted(try line.value("no_peer"))
        case "link": self = .linkPut(try LinkProvision(try line.object("link"), &secrets))
        case "distant_link":
            self = .distantLinkPut(try DistantLinkProvision(try line.object("distant_link")))
        case "no_link": self = .linkDeleted(try line.value("no_link"))
        case "gateway_left_out":
            let object = try line.object("gateway_left_out")
            self = .gatewayLeftOut(try object.value("id"), reason: try object.text("reason"))
        case "peer_left_out":
            let object = try line.object("peer_left_out")
            self = .peerLeftOut(
                try object.value("id"),
                of: try object.optional("gateway"),
                reason: try object.text("reason")
            )
        default: return nil
        }
    }
}
