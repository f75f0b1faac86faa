package import GatewayDomain
import GatewayStore

/// Where gateways can be made today. A region that only old gateways still name is not in it.
package struct ListRegions: Sendable {
    let store: Store
    let settings: InstallationSettings

    package func callAsFunction(by caller: Caller) async throws -> [Region] {
        try await store.read { db in
            var regions: [Region] = []
            for region in settings.regions {
                // The stored one knows since when it exists.
                if let stored = try Regions.find(code: region.code, db) {
                    regions.append(stored)
                }
            }
            return regions
        }
    }
}
