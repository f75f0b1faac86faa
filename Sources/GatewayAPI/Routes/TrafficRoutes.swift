import APIContract
import GatewayDomain
import GatewayService
import Hummingbird
import HummingbirdCore

/// What gateways and peers carried lately.
struct TrafficRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "wireguard_interfaces/:id/traffic", .showGatewayTraffic, gateway),
            Endpoint(.get, "wireguard_peers/:id/traffic", .showPeerTraffic, peer),
        ]
    }

    private func gateway(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: GatewayID = try context.identifier()
        // An object that does not exist for the caller is answered so whatever the parameters are.
        _ = try await controlPlane.showGateway(id, by: context.caller)
        let window = try Query(request.uri.query).trafficWindow()
        return .object(
            try await controlPlane.trafficHistory(of: id, window, by: context.caller).json
        )
    }

    private func peer(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: PeerID = try context.identifier()
        _ = try await controlPlane.showPeer(id, by: context.caller)
        let window = try Query(request.uri.query).trafficWindow()
        return .object(
            try await controlPlane.trafficHistory(of: id, window, by: context.caller).json
        )
    }
}
