/// What a caller asks the coverage list for. All conditions must hold; an empty filter admits every site.
package struct CoverageFilter: Equatable, Sendable {
    /// Each of these has to be offered.
    package var services: [String] = []
    package var region: String?
    package var site: String?
    package var pop: String?
    package var code: String?

    package init() {}

    package func admits(_ candidate: CoverageSite) -> Bool {
        services.allSatisfy(candidate.availableServices.contains)
            && Self.equal(region, candidate.location.region)
            && Self.equal(site, candidate.location.site)
            && Self.equal(pop, candidate.location.pop)
            && Self.equal(code, candidate.location.code)
    }

    private static func equal(_ asked: String?, _ value: String) -> Bool {
        asked == nil || asked == value
    }
}
