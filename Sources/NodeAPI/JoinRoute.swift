import GatewayDomain
import GatewayService
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import NIOCore
import NodeProtocol

extension NodeAPI {
    private static let longestJoin = 16 << 10

    /// A machine shows its token, and is a node from now on.
    func join(_ request: Request, _ context: EdgeContext) async throws -> Response? {
        let body = try await request.wholeBody(atMost: Self.longestJoin)
        let join = try understanding { () throws(WireError) in try JoinRequest(body.bytes) }
        guard NodeProtocolVersion.common(join.versions) != nil else {
            throw ServiceError.node(
                .protocolUnsupported(
                    asked: join.versions.upperBound,
                    supported: NodeProtocolVersion.all
                )
            )
        }
        let joined = try await admitting(context) {
            try await controlPlane.join(
                NodeApplication(
                    nodeID: join.nodeID,
                    secret: LinkSecret(join.secret),
                    publicKey: join.publicKey,
                    regionCode: join.regionCode,
                    version: join.version,
                    time: join.time
                )
            )
        }
        return .json(JoinAnswer(credential: IssuedCredential(joined.credential)).written)
    }

    /// The next credential of a node. The one that it shows stays valid until the next one is shown. A thief
    /// of it gets none while the node is connected.
    func renew(_ request: Request, _ context: EdgeContext) async throws -> Response? {
        let caller = try await node(of: request, context)
        _ = try await reporter(of: request, caller)
        let next = try await controlPlane.renewCredential(of: caller)
        return .json(IssuedCredential(next).written)
    }
}

extension IssuedCredential {
    fileprivate init(_ credential: NodeCredential) {
        self.init(
            text: credential.text,
            expiresAt: credential.expiresAt,
            renewsAt: credential.renewsAt
        )
    }
}

/// - Throws: a `Refusal` for what is not of the protocol.
func understanding<Value>(_ read: () throws(WireError) -> Value) throws -> Value {
    do throws(WireError) {
        return try read()
    } catch {
        throw HTTPEdge.Refusal.malformed("The body is not of the node protocol: \(error).")
    }
}

extension Response {
    static func json(_ json: JSONValue) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.encodedBytes))
        )
    }
}
