package import GatewayDomain

package struct ListCoverage: Sendable {
    let listRegions: ListRegions

    package func callAsFunction(
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
