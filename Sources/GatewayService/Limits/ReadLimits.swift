package import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// Those of the caller's organization, also of peers and gateways alone that it may see.
    package func listLimits(
        _ filter: LimitFilter = LimitFilter(),
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<LimitSetting> {
        let now = now()
        let list = try await store.read { db in
            try LimitSettings.list(in: caller.scope, filter, at: now, page: page, db)
        }
        return PageOf(
            elements: list.elements.map { $0.asOf(now) },
            page: page,
            totalResults: list.totalResults
        )
    }

    /// Not found also where nothing is limited.
    package func showLimits(
        of subject: LimitSubject,
        by caller: Caller
    ) async throws -> LimitSetting {
        let now = now()
        let setting = try await store.read { db -> LimitSetting? in
            guard try subject.place(for: caller, db) != nil else { return nil }
            return try LimitSettings.find(subject, db)
        }
        guard let setting else { throw ServiceError.notFound }
        return setting.asOf(now)
    }
}

/// Where something that can be limited belongs.
struct LimitedPlace {
    /// As `LimitSetting` has it.
    let subjectName: String?
    let organizationID: OrganizationID
    var networkID: NetworkID?
    var gatewayID: GatewayID?
}

extension LimitSubject {
    /// Nil where it is not there, or the caller may not see it.
    func place(for caller: Caller, _ db: any SQLConnection) throws -> LimitedPlace? {
        switch self {
        case .peer(let id):
            guard let peer = try Peers.find(id, in: caller.scope, db),
                let gateway = try Gateways.find(peer.gatewayID, in: caller.scope, db)
            else { return nil }
            return LimitedPlace(
                subjectName: peer.name ?? "\(peer.address)",
                organizationID: gateway.organizationID,
                networkID: gateway.networkID,
                gatewayID: gateway.id
            )
        case .gateway(let id):
            guard let gateway = try Gateways.find(id, in: caller.scope, db) else { return nil }
            return LimitedPlace(
                subjectName: gateway.name,
                organizationID: gateway.organizationID,
                networkID: gateway.networkID,
                gatewayID: id
            )
        case .organization(let id):
            guard caller.scope.networkIDs == nil,
                caller.organizationID == id || caller.seesAllOrganizations,
                let organization = try Organizations.find(id, reading: .forDeletion, db)
            else { return nil }
            return LimitedPlace(subjectName: organization.name, organizationID: id)
        }
    }
}
