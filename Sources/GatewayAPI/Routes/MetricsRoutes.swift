import GatewayService
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import WireGuardCrypto

/// For Prometheus, outside `/v2`. It tells of all organizations, so it takes an admin's key.
struct MetricsRoutes {
    let requireCaller: RequireCaller
    let controlPlane: ControlPlane
    let showsPeers: Bool
    let requests: RequestMetrics
    let others: @Sendable () -> [MetricFamily]

    var endpoints: [Endpoint<EdgeContext>] {
        [
            Endpoint(.get, "metrics", .showMetrics, show)
        ]
    }

    private func show(_ request: Request, _ context: EdgeContext) async throws -> Answer {
        let caller = try await requireCaller.caller(of: request, context)
        let gateways = try await controlPlane.gatewayTraffic(by: caller)
        let nodes = try await controlPlane.nodeOverview(by: caller)
        let peers = showsPeers ? try await controlPlane.peerTraffic(by: caller) : nil
        let links = try await controlPlane.backboneLinks(by: caller)
        let text = try await LongWork.metrics.perform {
            (gateways.families + nodes.families + (peers?.families ?? []) + links.families
                + requests.families + controlPlane.signInCounts.families
                + controlPlane.webhookCounts.families + Cipher.families
                + others())
                .map(\.text).joined()
        }
        return Answer(
            mediaType: "text/plain; version=0.0.4; charset=utf-8",
            bytes: ByteBuffer(string: text)
        )
    }
}
