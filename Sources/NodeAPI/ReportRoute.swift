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
    /// Of a hundred thousand peers.
    private static let longestReport = 24 << 20

    /// What a node has seen and counted. The answer says that it need not be sent again.
    func report(_ request: Request, _ context: EdgeContext) async throws -> Response? {
        let caller = try await node(of: request, context)
        let session = try live.noteReport(
            of: caller.nodeID,
            process: try request.required("session")
        )
        let body = try await request.wholeBody(atMost: Self.longestReport)
        let report = try understanding { () throws(WireError) in try NodeReport(body.bytes) }
        try await controlPlane.nodeFeed(of: caller.nodeID).count(report)
        if let session {
            await controlPlane.nodeReported(
                session,
                NodeWord(
                    revision: report.content.revision,
                    loadPercent: report.content.loadPercent,
                    hasAddress: report.content.hasAddress,
                    source: IPAddress(context.client.address)
                )
            )
        }
        return .json(["counted": .integer(Int(report.number.sequence))])
    }
}
