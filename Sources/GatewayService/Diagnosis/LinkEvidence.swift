import GatewayDomain
import GatewayStore

/// A link as it is from one of its gateways.
struct LinkEvidence: Sendable {
    let link: BackboneLink
    let from: Gateway
    let to: Gateway
    /// What carries that one.
    let toNode: GatewayNode?
    /// The gateway over which packets go around; nil where they do not.
    let via: Gateway?

    /// Nil where one of the gateways is none that the caller may see, or cannot be read.
    init?(
        _ link: BackboneLink,
        from start: GatewayID? = nil,
        in scope: Scope,
        _ db: any SQLConnection
    ) throws {
        let isBack = start == link.second.gatewayID
        let (own, other) = isBack ? (link.second, link.first) : (link.first, link.second)
        guard let from = try? Gateways.find(own.gatewayID, in: scope, db),
            let to = try? Gateways.find(other.gatewayID, in: scope, db)
        else { return nil }
        self.link = link
        self.from = from
        self.to = to
        toNode = try? Nodes.find(to.nodeID, db)
        via = (own.viaGatewayID ?? other.viaGatewayID).flatMap {
            try? Gateways.find($0, in: scope, db)
        }
    }

    /// One or two whole sentences.
    var message: String {
        let name = "The link between gateways \(from.title) and \(to.title)"
        switch link.state {
        case .up:
            guard let microseconds = link.figures?.roundTripMicroseconds else {
                return "\(name) is up."
            }
            return "\(name) is up; a packet takes \(microseconds / 1_000) ms over it and back."
        case .connecting:
            return "\(name) has never carried an answer."
        case .detour:
            let around = via.map { "over gateway \($0.title)" } ?? "over a third gateway"
            return """
                \(name) does not answer since \(link.stateSince). Packets go around \(around) until it \
                answers again.
                """
        case .down:
            return """
                \(name) does not answer since \(link.stateSince), and there is no gateway over which packets \
                could go around.
                """
        }
    }

    /// A whole sentence; nil where nothing has to be done.
    var nextStep: String? {
        guard link.state != .up else { return nil }
        return """
            Check that both nodes run, and that UDP gets through between \(from.endpoint.host) and \
            \(to.endpoint.host), to all ports of their nodes.
            """
    }

    var severity: Severity {
        switch link.state {
        case .up: .ok
        case .connecting, .detour: .warning
        case .down: .error
        }
    }
}

extension LinkEvidence {
    /// Those of a gateway that are not as they should be.
    static func troubled(
        of gateway: Gateway,
        in scope: Scope,
        _ db: any SQLConnection
    ) throws -> [LinkEvidence] {
        try BackboneLinks.all(of: gateway.id, db).filter { $0.state != .up }
            .compactMap { try LinkEvidence($0, from: gateway.id, in: scope, db) }
    }

    var finding: Finding {
        Finding(
            .linkNotUp,
            severity,
            message,
            nextStep: nextStep,
            command: Self.command,
            lastAt: link.stateSince
        )
    }

    var remark: Remark {
        Remark(
            .linkNotUp,
            severity,
            count: 2,
            message,
            nextStep: nextStep ?? "Nothing has to be done.",
            command: Self.command
        )
    }

    private static let command = "wgw link list"
}
