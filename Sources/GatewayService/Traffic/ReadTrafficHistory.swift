package import GatewayDomain
import GatewayStore

extension ControlPlane {
    package func trafficHistory(
        of id: GatewayID,
        _ window: TrafficWindow,
        by caller: Caller
    ) async throws -> TrafficHistory {
        let gateway = try await showGateway(id, by: caller)
        return trafficRecorder.history(of: gateway, window, at: now())
    }

    /// The first request begins the history of the peer.
    package func trafficHistory(
        of id: PeerID,
        _ window: TrafficWindow,
        by caller: Caller
    ) async throws -> TrafficHistory {
        let peer = try await showPeer(id, by: caller)
        return trafficRecorder.history(of: peer, window, at: now())
    }
}
