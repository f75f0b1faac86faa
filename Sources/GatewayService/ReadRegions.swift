package import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// Where gateways can be made today. A region that only old gateways still name is not in it.
    package func listRegions(by caller: Caller) async throws -> [Region] {
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

    package func listCoverage(
        filter: CoverageFilter,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<CoverageSite> {
        let sites = try await listRegions(by: caller).map {
            CoverageSite($0, askedFor: filter.services)
        }
        return PageOf(page, of: sites.filter(filter.admits))
    }
}
