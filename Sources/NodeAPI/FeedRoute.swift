import GatewayDomain
import GatewayService
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NodeProtocol
import ServiceLifecycle
import WireGuardCrypto

extension NodeAPI {
    /// The stream that a node follows: everything, or what has changed since it was here, and then each change.
    func feed(_ request: Request, _ context: EdgeContext) async throws -> Response? {
        // The answer to a HEAD would never be written, nor the session ended.
        guard request.method == .get else { return nil }
        let caller = try await node(of: request, context)
        let oldest: Int = try request.integer("oldest")
        let newest: Int = try request.integer("newest")
        guard oldest <= newest, let version = NodeProtocolVersion.common(oldest...newest) else {
            throw ServiceError.node(
                .protocolUnsupported(asked: newest, supported: NodeProtocolVersion.all)
            )
        }
        let process = try request.required("session")
        // Where other servers may hear the node, the database tells.
        if !controlPlane.hasOtherServers, let silent = live.silentSession(of: caller.nodeID) {
            await controlPlane.nodeDisconnected(silent)
        }
        let session = try await controlPlane.nodeConnected(
            caller,
            NodeGreeting(
                process: process,
                version: try request.required("version"),
                time: Timestamp(microseconds: try request.integer("time"))
            )
        )
        let connection = connections.connection(of: context.channel)
        let number = live.begin(session, process: process, on: connection)
        let place = LivePlace { [controlPlane, live] in
            live.end(number, of: session.nodeID)
            Task { await controlPlane.nodeDisconnected(session) }
        }
        let stream = FeedStream(
            controlPlane: controlPlane,
            feed: controlPlane.nodeFeed(of: caller.nodeID),
            session: session,
            heartbeat: heartbeat,
            certificate: certificate
        )
        let start = FeedStart(
            version: version,
            generation: try request.required("generation"),
            timeline: try? request.required("timeline"),
            revision: try? request.integer("after")
        )
        let logger = context.logger
        return Response(
            status: .ok,
            headers: [.contentType: "application/x-ndjson", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                defer { withExtendedLifetime(place) {} }
                do {
                    try await stream.write(to: &writer, from: start) { stop in
                        connection?.left.whenComplete { _ in stop() }
                    }
                    try await writer.finish(nil)
                } catch {
                    logger.debug("node's stream ended", metadata: ["reason": "\(error)"])
                    throw error
                }
            }
        )
    }
}

/// Gives the place of a stream back, however it ended: also where its answer was never begun.
private final class LivePlace: Sendable {
    private let end: @Sendable () -> Void

    init(_ end: @escaping @Sendable () -> Void) {
        self.end = end
    }

    deinit { end() }
}
