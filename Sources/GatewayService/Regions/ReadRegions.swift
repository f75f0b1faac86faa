package import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// Where gateways can be made today: those of the settings in their order, then the others. A region that only
    /// old gateways still name is not in it, nor is one without a node that takes gateways.
    package func listRegions(by caller: Caller) async throws -> [Region] {
        try await store.read { db in
            let offered = try Placement(db).regionCodes
            return try allRegions(db).filter { offered.contains($0.code) }
        }
    }

    /// Every region that there is, for those who make them.
    package func listAllRegions(by caller: Caller) async throws -> [Region] {
        try caller.require(.unrestricted(.admin))
        return try await store.read { db in try allRegions(db) }
    }

    package func showRegion(_ code: String, by caller: Caller) async throws -> Region {
        guard let region = try await store.read({ try Regions.find(code: code, $0) }) else {
            throw ServiceError.notFound
        }
        return region
    }

    private func allRegions(_ db: any SQLConnection) throws -> [Region] {
        let all = try Regions.all(db)
        let configured = settings.regions.compactMap { region in
            all.first { $0.code == region.code }
        }
        return configured
            + all.filter { region in !settings.regions.contains { $0.code == region.code } }
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
