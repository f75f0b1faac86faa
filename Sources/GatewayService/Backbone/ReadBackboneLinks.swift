package import GatewayDomain
import GatewayStore

extension ControlPlane {
    package func listBackboneLinks(
        _ filter: BackboneLinkFilter = BackboneLinkFilter(),
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<BackboneLink> {
        let found = try await store.read { db in
            try BackboneLinks.list(in: caller.scope, filter, page: page, db)
        }
        return PageOf(
            elements: found.elements.map { addingFigures(to: $0) },
            page: page,
            totalResults: found.totalResults
        )
    }

    package func showBackboneLink(
        _ id: BackboneLinkID,
        by caller: Caller
    ) async throws -> BackboneLink {
        let link = try await store.read { db in
            try BackboneLinks.find(id, in: caller.scope, db)
        }
        guard let link else { throw ServiceError.notFound }
        return addingFigures(to: link)
    }

    /// Those of all organizations.
    package func backboneLinks(by caller: Caller) async throws -> [BackboneLink] {
        try caller.require(.unrestricted(.admin))
        let all = try await store.readAside { db in try BackboneLinks.all(db) }
        return all.map { addingFigures(to: $0) }
    }

    private func addingFigures(to link: BackboneLink) -> BackboneLink {
        var link = link
        link.figures = linkMeasurements[link.id]
        return link
    }
}
