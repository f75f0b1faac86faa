package import GatewayClient
import GatewayDomain
import JSON
package import NodeProtocol
import WireGuardCrypto

/// What a node asks its server.
package struct NodeServer: Sendable {
    /// Of 1 kbit/s a TLS handshake takes half a minute, and a report as long.
    package static let timeLimit = Duration.seconds(120)
    package static let connectLimit = Duration.seconds(60)

    let client: GatewayClient

    package init(_ client: GatewayClient) {
        self.client = client
    }

    /// The same server, asked with another credential.
    package func showing(_ credential: IssuedCredential) -> NodeServer {
        NodeServer(client.showing(credential.text))
    }

    package func join(_ request: JoinRequest) async throws -> JoinAnswer {
        let response = try await client.send(.node(.post, "join", request.written))
        return try JoinAnswer(response.bytes)
    }

    func renewCredential(of session: String) async throws -> IssuedCredential {
        var call = APICall.node(.post, "credential", nil)
        call.query = [("session", session)]
        let response = try await client.send(call)
        return try IssuedCredential(try WireObject(response.bytes))
    }

    func deliver(_ report: NodeReport, of session: String) async throws -> ReportAnswer {
        var call = APICall.node(.post, "reports", report.written)
        call.query = [("session", session)]
        let response = try await client.send(call)
        return try ReportAnswer(response.bytes)
    }

    /// - Parameters:
    ///   - session: names this process.
    ///   - place: what the node has; nil for nothing.
    ///   - generation: of the reports.
    func feed(
        _ session: String,
        version: String,
        after place: FeedPlace?,
        generation: String,
        at time: Timestamp
    ) async throws -> some AsyncSequence<[UInt8], any Error> {
        var call = APICall.node(.get, "feed", nil)
        call.query = [
            ("session", session), ("version", version), ("generation", generation),
            ("oldest", "\(NodeProtocolVersion.oldest)"),
            ("newest", "\(NodeProtocolVersion.newest)"), ("time", "\(time.microseconds)"),
        ]
        if let place {
            call.query += [("after", "\(place.revision)"), ("timeline", place.timeline)]
        }
        return try await client.lines(of: call)
    }
}

/// Up to where a node has been told.
struct FeedPlace: Equatable, Sendable {
    let timeline: String
    let revision: Int64
}

extension APICall {
    fileprivate static func node(_ method: Method, _ path: String, _ body: JSONValue?) -> APICall {
        var call = APICall(method, path, body: body)
        call.root = "/node/v1"
        return call
    }
}
