package import GatewayDomain
import GatewayStore

/// What gateways and peers have moved, for the operator: of all organizations.
package struct MeasureTraffic: Sendable {
    let store: Store

    package func gateways(by caller: Caller) async throws -> [GatewayTraffic] {
        try caller.requireUnrestricted(.admin)
        return try await store.readAside { db in try NodeTables.traffic(db) }
    }

    package func peers(by caller: Caller) async throws -> [PeerTraffic] {
        try caller.requireUnrestricted(.admin)
        return try await store.readAside { db in try NodeTables.peerTraffic(db) }
    }
}
