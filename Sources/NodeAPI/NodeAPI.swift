import GatewayDomain
package import GatewayService
package import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NodeProtocol
import RateLimiting

/// What nodes on other machines ask, under `/node/v1`. It sits on the edge beside the API; what is refused, is
/// written as the API writes its problems.
package struct NodeAPI: Sendable {
    let controlPlane: ControlPlane
    let connections: ConnectionTable
    /// How often a node that nothing happens to hears of the server.
    let heartbeat: Duration
    /// The fingerprint of the certificate that the server shows; nil without one.
    let certificate: @Sendable () -> String?
    let live = LiveNodes()
    /// What is not let in, by the address that it comes from. A right token or credential is never refused.
    private let strangers = RateLimiter(RateLimit(perSecond: 1, burst: 20))

    package init(
        controlPlane: ControlPlane,
        connections: ConnectionTable,
        heartbeat: Duration = .seconds(10),
        certificate: @escaping @Sendable () -> String? = { nil }
    ) {
        self.controlPlane = controlPlane
        self.connections = connections
        self.heartbeat = heartbeat
        self.certificate = certificate
    }

    package var routes: [EdgeRoute] {
        [
            EdgeRoute(.post, "node/v1/join", join),
            EdgeRoute(.get, "node/v1/feed", feed),
            EdgeRoute(.post, "node/v1/reports", isRoutine: true, report),
            EdgeRoute(.post, "node/v1/credential", renew),
        ]
    }

    /// The node whose credential the request shows.
    func node(of request: Request, _ context: EdgeContext) async throws -> NodeCaller {
        let words = request.headers[.authorization]?.split(separator: " ") ?? []
        let credential = words.count == 2 && words[0].lowercased() == "bearer" ? words[1] : ""
        let caller = try await admitting(context) {
            try await controlPlane.authenticateNode(credential: String(credential))
        }
        connections.connection(of: context.channel)?.noteNode()
        return caller
    }

    /// Who tries again and again without a right secret has to wait.
    func admitting<Value: Sendable>(
        _ context: EdgeContext,
        _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch ServiceError.node(let refusal) {
            let quota = strangers.take(for: .source(SourceNetwork(of: context.client.address)))
            if let wait = quota.wait {
                throw ServiceError.tooManySignIns(
                    waitSeconds: max(wait.components.seconds, 1)
                )
            }
            throw ServiceError.node(refusal)
        }
    }
}

extension Request {
    private static let longestQueryValue = 256

    /// - Throws: a `Refusal`.
    func required(_ name: String) throws -> String {
        guard let value = uri.queryParameters[Substring(name)],
            (1...Self.longestQueryValue).contains(value.utf8.count)
        else { throw HTTPEdge.Refusal.malformed("The parameter '\(name)' is missing.") }
        return String(value)
    }

    func integer<Value: FixedWidthInteger>(_ name: String) throws -> Value {
        guard let value = Value(try required(name)) else {
            throw HTTPEdge.Refusal.malformed("The parameter '\(name)' must be a number.")
        }
        return value
    }
}
