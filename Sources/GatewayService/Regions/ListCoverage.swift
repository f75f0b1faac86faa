package import GatewayDomain
import GatewayStore

package struct ListCoverage: Sendable {
    let listRegions: ListRegions

    package func callAsFunction(filter: CoverageFilter, page: Page, by caller: Caller) async throws -> PageOf<CoverageSite> {
        fatalError()
    }
}
