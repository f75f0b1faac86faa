package import GatewayDomain
import GatewayStore

/// The bytes that gateways and peers of all organizations have moved, for the operator.
extension ControlPlane {
    package func gatewayTraffic(by caller: Caller) async throws -> [GatewayTraffic] {
        try caller.require(.unrestricted(.admin))
        return try await store.readAside { db in try NodeTables.traffic(db) }
    }

    package func peerTraffic(by caller: Caller) async throws -> [PeerTraffic] {
        try caller.require(.unrestricted(.admin))
        return try await store.readAside { db in try NodeTables.peerTraffic(db) }
    }
}
