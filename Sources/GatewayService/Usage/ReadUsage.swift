package import GatewayDomain
import GatewayStore

/// What was used, in sums.
extension ControlPlane {
    package func listUsage(
        _ filter: UsageFilter,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<UsageRow> {
        let scope = caller.usageScope(filter)
        return try await store.readAside { db in
            try check(filter, by: caller, db)
            let sums = try Usage.sums(
                filter,
                in: scope,
                limit: page.size,
                offset: page.offset,
                db
            )
            return PageOf(elements: sums.page, page: page, totalResults: sums.total)
        }
    }

    /// All sums at once, as a table has them. Nil where there are more than `limit`.
    package func allUsage(
        _ filter: UsageFilter,
        atMost limit: Int,
        by caller: Caller
    ) async throws -> [UsageRow]? {
        let scope = caller.usageScope(filter)
        return try await store.readAside { db in
            try check(filter, by: caller, db)
            let sums = try Usage.sums(filter, in: scope, limit: limit, db)
            return sums.total <= limit ? sums.page : nil
        }
    }

    /// What is named has to be there for the caller, or to have been, and to belong to each other.
    private func check(
        _ filter: UsageFilter,
        by caller: Caller,
        _ db: any SQLConnection
    ) throws {
        func isThere(_ filter: UsageFilter) throws -> Bool {
            try !filter.namesObject || Usage.knows(filter, in: caller.usageScope(filter), db)
                || caller.sees(filter, db)
        }
        guard try !isThere(filter) else { return }
        for object in UsageObject.allCases {
            guard try isThere(filter.naming([object])) else { throw ServiceError.notFound }
        }
        for (part, whole) in UsageObject.within {
            guard try isThere(filter.naming([part, whole])) else {
                throw MisplacedUsageObject(part, in: whole)
            }
        }
    }
}

extension UsageFilter {
    fileprivate var namesObject: Bool { networkID != nil || gatewayID != nil || peerID != nil }

    /// Without the other objects.
    fileprivate func naming(_ objects: Set<UsageObject>) -> UsageFilter {
        var filter = self
        if !objects.contains(.network) { filter.networkID = nil }
        if !objects.contains(.gateway) { filter.gatewayID = nil }
        if !objects.contains(.peer) { filter.peerID = nil }
        return filter
    }
}

extension Caller {
    /// Nil for all organizations: an admin who tells them apart is the operator, who asks who used what.
    fileprivate func usageScope(_ filter: UsageFilter) -> Scope? {
        seesAllOrganizations && filter.groups.contains(.organization) ? nil : scope
    }

    /// What has no usage yet: a peer, or a network without gateways.
    fileprivate func sees(_ filter: UsageFilter, _ db: any SQLConnection) throws -> Bool {
        if let id = filter.peerID {
            guard let peer = try Peers.find(id, in: scope, db),
                let gateway = try Gateways.find(peer.gatewayID, in: scope, db)
            else { return false }
            return (filter.gatewayID ?? gateway.id) == gateway.id
                && (filter.networkID ?? gateway.networkID) == gateway.networkID
        }
        guard filter.gatewayID == nil, let id = filter.networkID else { return false }
        return try Networks.find(id, in: scope, db) != nil
    }
}
