import GatewayDomain
import GatewayService
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import NetAddress
import NodeProtocol

extension NodeAPI {
    /// Nodes make several reports where one would be longer.
    static let longestReport = 8 << 20

    /// What a node has seen and counted. The answer says that it need not be sent again.
    func report(_ request: Request, _ context: EdgeContext) async throws -> Response? {
        let caller = try await node(of: request, context)
        let reporter = try await reporter(of: request, caller)
        // Those of one node, however slow they are, leave room for all others.
        let body = try await request.wholeBody(
            atMost: Self.longestReport,
            of: live.budget(of: caller.nodeID)
        )
        let report = try understanding { () throws(WireError) in try NodeReport(body.bytes) }
        let answer = try await controlPlane.nodeFeed(of: caller.nodeID)
            .count(report, from: IPAddress(context.client.address))
        let word = NodeWord(
            revision: report.content.revision,
            loadPercent: report.content.loadPercent,
            hasAddress: report.content.hasAddress,
            source: IPAddress(context.client.address)
        )
        switch reporter {
        case .following(let session): await controlPlane.nodeReported(session, word)
        case .followingElsewhere: await controlPlane.nodeReported(caller, word)
        case .alone: break
        }
        return .json(answer.written)
    }

    /// Which of the node's processes asks.
    ///
    /// - Throws: `ServiceError.node` with `secondSession` where another one follows a stream.
    func reporter(
        of request: Request,
        _ caller: NodeCaller
    ) async throws -> LiveNodes.Reporter {
        let process = try request.required("session")
        switch live.noteWord(of: caller.nodeID, process: process) {
        case .alone?:
            let isElsewhere = try await controlPlane.hasSessionElsewhere(caller, process: process)
            return isElsewhere ? .followingElsewhere : .alone
        case let reporter?: return reporter
        case nil: try await controlPlane.refuseSecondSession(of: caller.nodeID)
        }
    }
}
