package import GatewayDomain
import GatewayStore

/// Callers of all organizations read those that their gateways can lead to, and are not told of which other
/// organizations these are as well.
extension ControlPlane {
    package func listPrivateServices(
        name: String?,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<PrivateService> {
        let found = try await store.read { db in
            try PrivateServices.list(
                name: name,
                givenTo: caller.seesAllOrganizations ? nil : caller.organizationID,
                page: page,
                db
            )
        }
        return PageOf(
            elements: found.elements.map { $0.shown(to: caller) },
            page: page,
            totalResults: found.totalResults
        )
    }

    package func showPrivateService(
        _ id: PrivateServiceID,
        by caller: Caller
    ) async throws -> PrivateService {
        let service = try await store.read { db in try PrivateServices.find(id, db) }
        guard let service,
            caller.seesAllOrganizations || service.isGiven(to: caller.organizationID)
        else { throw ServiceError.notFound }
        return service.shown(to: caller)
    }
}

extension PrivateService {
    /// One that is given to the organization of the caller.
    fileprivate func shown(to caller: Caller) -> PrivateService {
        guard organizationIDs != nil, !caller.seesAllOrganizations else { return self }
        var shown = self
        shown.organizationIDs = [caller.organizationID]
        return shown
    }
}
